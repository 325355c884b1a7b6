import {Flags} from '@oclif/core'

import {MAX_CLIENTS, MAX_ROOMS} from '../client/bench/load-plan.js'
import {MIN_PAYLOAD_BYTES} from '../client/bench/stamp.js'
import {GsError} from '../errors.js'
import {type BenchLimit, parseBenchLimit} from '../ops/bench/bench-limit.js'
import {visibleValue} from '../util/visible-text.js'
import {durationFlag} from './flags.js'

const MAX_WINDOW = 1000
const MAX_RATE = 10_000_000
const MAX_PAYLOAD_BYTES = 65_536
const MAX_WORKERS = 64
const MAX_DURATION_MS = 24 * 3_600_000

/** Messages a second, as `200` or `200/s`. */
const rateFlag = Flags.custom<number>({
  parse: async text => {
    const rate = /^\d{1,8}(\.\d+)?(\/s)?$/.test(text) ? Number.parseFloat(text) : 0
    if (rate > 0 && rate <= MAX_RATE) return rate
    throw new GsError('usage', `not a rate: ${visibleValue(text)}`, {hint: 'Write messages a second, such as 200/s.'})
  },
  helpValue: 'RATE',
})

const limitFlag = Flags.custom<BenchLimit>({parse: async text => parseBenchLimit(text), helpValue: 'LIMIT'})

/** The flags of `gs bench`. */
export const benchFlags = {
  host: Flags.string({
    description: 'Name or address of the server. Default: the one that is found, else 127.0.0.1.',
    env: 'GS_BENCH_HOST',
  }),
  port: Flags.integer({
    description: 'Game port, 1 to 65535. Default: that of the server that is found, else 7000.',
    env: 'GS_BENCH_PORT',
    min: 1,
    max: 65_535,
  }),
  clients: Flags.integer({
    description: 'Clients in all, spread evenly over the rooms.',
    env: 'GS_BENCH_CLIENTS',
    default: 100,
    min: 1,
    max: MAX_CLIENTS,
  }),
  rooms: Flags.integer({description: 'Rooms.', env: 'GS_BENCH_ROOMS', default: 10, min: 1, max: MAX_ROOMS}),
  publishers: Flags.integer({
    description: 'Clients of each room that send; the others only receive.',
    env: 'GS_BENCH_PUBLISHERS',
    default: 1,
    min: 1,
    max: MAX_CLIENTS,
  }),
  window: Flags.integer({
    description:
      'Messages that each publisher keeps on their way: it sends the next when one has come back. Default 1, unless --rate is given.',
    env: 'GS_BENCH_WINDOW',
    min: 1,
    max: MAX_WINDOW,
    exclusive: ['rate'],
  }),
  rate: rateFlag({
    description: 'Messages a second of all publishers together, whatever comes back, such as 2000/s.',
    env: 'GS_BENCH_RATE',
  }),
  payload: Flags.integer({
    description: `Length of a message, in bytes, ${MIN_PAYLOAD_BYTES} to ${MAX_PAYLOAD_BYTES}.`,
    env: 'GS_BENCH_PAYLOAD',
    default: 64,
    min: MIN_PAYLOAD_BYTES,
    max: MAX_PAYLOAD_BYTES,
  }),
  framing: Flags.option({
    options: ['ndjson', 'length-prefixed'] as const,
    description: 'How frames are told apart on the wire: by lines, or by a length in front of each.',
    env: 'GS_BENCH_FRAMING',
    default: 'ndjson' as const,
  })(),
  duration: durationFlag({
    description: 'How long is measured: 500ms 10s 5m.',
    env: 'GS_BENCH_DURATION',
    default: 10_000,
    defaultHelp: async () => '10s',
    minMs: 1,
    maxMs: MAX_DURATION_MS,
  }),
  warmup: durationFlag({
    description: 'How long the load runs before that.',
    env: 'GS_BENCH_WARMUP',
    default: 1000,
    defaultHelp: async () => '1s',
    maxMs: MAX_DURATION_MS,
  }),
  workers: Flags.integer({
    description: 'Threads that make the load. Default: one less than there are cores, at most 8.',
    env: 'GS_BENCH_WORKERS',
    min: 1,
    max: MAX_WORKERS,
  }),
  'fail-if': limitFlag({
    description: "End with status 1 if this holds, such as 'p99>50ms', 'errors>0' or 'delivered<100000'.",
    env: 'GS_BENCH_FAIL_IF',
    multiple: true,
    multipleNonGreedy: true,
  }),
  admin: Flags.boolean({
    description: "Ask the server's admin socket what the load cost it.",
    env: 'GS_BENCH_ADMIN',
    default: true,
    allowNo: true,
  }),
}
