import type {ErrorCode} from '../errors.js'
import {isLoopback} from '../util/ip-address.js'
import {visibleText} from '../util/visible-text.js'
import type {Config} from './schema.js'

/** A rule between keys. It is looked at only when each of its keys is fine by itself. */
interface CrossCheck {
  /** The first one is the key that is blamed. */
  readonly keys: readonly [string, ...string[]]
  readonly code?: ErrorCode
  readonly hint?: string
  /** What is wrong, or undefined. */
  check(config: Config): string | undefined
}

export const CROSS_CHECKS: readonly CrossCheck[] = [
  {
    keys: ['server.host', 'server.insecurePublic', 'auth.mode'],
    code: 'insecure_public',
    hint: 'Set auth.mode to token, or pass --insecure-public (server.insecurePublic) if the network around it is safe.',
    check: ({server, auth}) =>
      auth.mode === 'none' && !server.insecurePublic && !isLoopback(server.host)
        ? `others can reach ${server.host}, and with auth.mode none anyone can take any user id`
        : undefined,
  },
  {
    keys: ['ephemeral', 'dataDir'],
    hint: 'Leave one of the two out.',
    check: ({ephemeral, dataDir}) =>
      ephemeral && dataDir !== null ? `is true, and dataDir names ${visibleText(dataDir)} to keep data in` : undefined,
  },
  atMost(
    'server.unsentSoftBytes',
    ({server}) => server.unsentSoftBytes,
    'server.unsentHardBytes',
    ({server}) => server.unsentHardBytes,
  ),
  atMost(
    'server.unsentHardBytes',
    ({server}) => server.unsentHardBytes,
    'server.unsentTotalBytes',
    ({server}) => server.unsentTotalBytes,
  ),
  atMost(
    'server.maxFrameBytesBeforeHello',
    ({server}) => server.maxFrameBytesBeforeHello,
    'server.maxFrameBytes',
    ({server}) => server.maxFrameBytes,
  ),
]

function atMost(
  key: string,
  read: (config: Config) => number,
  limitKey: string,
  readLimit: (config: Config) => number,
): CrossCheck {
  return {
    keys: [key, limitKey],
    check: config =>
      read(config) > readLimit(config)
        ? `must be at most ${limitKey} (${readLimit(config)}), got ${read(config)}`
        : undefined,
  }
}
