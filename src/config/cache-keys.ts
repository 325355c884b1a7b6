import {boolean, choice, integer, MAX_TIMER_MS} from './key.js'

const MEGABYTE = 1_048_576

export const cache = {
  l1Entries: integer({
    description: 'Entries of the first tier, which holds live values.',
    unit: 'entries',
    default: 1000,
    min: 4,
    max: 1_000_000,
    liveness: 'live',
  }),
  l2Entries: integer({
    description: 'Entries of the second tier, which holds encoded values.',
    unit: 'entries',
    default: 10_000,
    min: 1,
    max: 10_000_000,
    liveness: 'live',
  }),
  l2Bytes: integer({
    description: 'Bytes of the second tier.',
    unit: 'bytes',
    default: 64 * MEGABYTE,
    min: MEGABYTE,
    max: 65_536 * MEGABYTE,
    liveness: 'live',
  }),
  ttlMs: integer({
    description: 'How long an entry lives from its writing, unless the writer says otherwise.',
    unit: 'ms',
    default: 300_000,
    min: 1,
    max: 31_536_000_000,
    liveness: 'live',
  }),
  gameTtlMs: integer({
    description: 'How long the game of a closed room, or of a stopped server, can be taken up again.',
    unit: 'ms',
    default: 86_400_000,
    min: 1000,
    max: 31_536_000_000,
    liveness: 'live',
  }),
  compression: choice({
    description: 'How values of the second tier are made smaller.',
    values: ['brotli', 'deflate', 'zstd', 'none'],
    default: 'brotli',
    liveness: 'live',
  }),
  compressionThresholdBytes: integer({
    description: 'Smaller values are stored as they are.',
    unit: 'bytes',
    default: 1024,
    min: 0,
    max: MEGABYTE,
    liveness: 'live',
  }),
  policy: choice({
    description:
      'filtered: what nobody read again in the first tier does not enter a full second one. lru: the seldom used goes.',
    values: ['filtered', 'lru'],
    default: 'filtered',
    liveness: 'live',
  }),
  cleanupIntervalMs: integer({
    description: 'How often expired entries are looked for.',
    unit: 'ms',
    default: 60_000,
    min: 100,
    max: MAX_TIMER_MS,
    liveness: 'restart',
  }),
  persist: boolean({
    description: 'Keep running games in the data store, too, so that they survive the end of the server.',
    default: true,
    defaultNote: 'without effect where data is kept in memory only',
    liveness: 'restart',
  }),
} as const
