/** What the generator in `generator/` is to do. */
export interface Load {
  readonly rooms: number
  readonly members: number
  readonly publishers: number
  /** Messages that each publisher keeps on their way. */
  readonly window?: number
  /** Messages a second of all publishers together, instead of a window. */
  readonly rate?: number
  readonly payloadBytes?: number
  /** All but the first room are cut off and come back; there the rate is that of one publisher. */
  readonly isStorm?: boolean
  /** Default: what the run says. */
  readonly seconds?: number
  readonly warmupSeconds?: number
}

/** Something that all peers are asked to do. */
export interface Work {
  readonly name: string
  /** What the work is, for the table of results. */
  readonly words: string
  /** Null: only the start of the server is looked at. */
  readonly load: Load | null
  /** The figure that the work is about. */
  readonly figure: Figure
  /** What else is worth a column. */
  readonly details: readonly Figure[]
}

export interface Figure {
  readonly key: keyof Measured
  readonly title: string
  readonly factor: number
  readonly digits: number
}

/** What the generator prints, and how long the server took to start. What a work does not measure is not there. */
export interface Measured {
  readonly startMs?: number
  readonly publishedPerSecond?: number
  readonly deliveriesPerSecond?: number
  readonly cpuUsPerDelivery?: number
  /** From sending a message to its own echo; in a storm, those of the room that stays. */
  readonly p50Us?: number
  readonly p99Us?: number
  readonly maxUs?: number
  /** Before the storm. */
  readonly calmP99Us?: number
  readonly serverCpuPercent?: number
  readonly generatorCpuPercent?: number
  readonly rssMb?: number
  readonly rssKbPerConnection?: number
  readonly connectsPerSecond?: number
  readonly cpuUsPerConnection?: number
  /** From beginning to connect to being in the room. */
  readonly joinP50Us?: number
  readonly joinP99Us?: number
  readonly rejoinSeconds?: number
  /** Connections that were refused and made again. */
  readonly retries?: number
  /** Clients that did not hear their room after they were back. */
  readonly lost?: number
}

export const PER_DELIVERY: Figure = {key: 'cpuUsPerDelivery', title: 'µs of CPU a delivery', factor: 1, digits: 3}
const DELIVERED: Figure = {key: 'deliveriesPerSecond', title: 'delivered/s', factor: 1, digits: 0}
const P50: Figure = {key: 'p50Us', title: 'p50, ms', factor: 0.001, digits: 2}
const P99: Figure = {key: 'p99Us', title: 'p99, ms', factor: 0.001, digits: 2}
const SERVER_CPU: Figure = {key: 'serverCpuPercent', title: 'server CPU, %', factor: 1, digits: 0}
export const LOAD_CPU: Figure = {key: 'generatorCpuPercent', title: 'load CPU, %', factor: 1, digits: 0}
const RSS: Figure = {key: 'rssMb', title: 'RSS, MB', factor: 1, digits: 0}
const RSS_PER_CONNECTION: Figure = {key: 'rssKbPerConnection', title: 'KB a connection', factor: 1, digits: 1}
const CONNECTS: Figure = {key: 'connectsPerSecond', title: 'connections/s', factor: 1, digits: 0}
const CPU_PER_CONNECTION: Figure = {
  key: 'cpuUsPerConnection',
  title: 'µs of CPU a connection',
  factor: 1,
  digits: 0,
}
const START: Figure = {key: 'startMs', title: 'ms', factor: 1, digits: 0}

const OF_MESSAGES = [DELIVERED, P50, P99, SERVER_CPU, LOAD_CPU, RSS]
const HELD_IN_ROOMS = {members: 10, publishers: 0, seconds: 0.1, warmupSeconds: 0} as const

export const WORKS: readonly Work[] = [
  {
    name: 'many',
    words: '10 rooms of 10, all publish, 4 in flight each',
    load: {rooms: 10, members: 10, publishers: 10, window: 4},
    figure: PER_DELIVERY,
    details: OF_MESSAGES,
  },
  {
    name: 'big',
    words: '1 room of 500, one publisher, 8 in flight',
    load: {rooms: 1, members: 500, publishers: 1, window: 8},
    figure: PER_DELIVERY,
    details: OF_MESSAGES,
  },
  {
    name: 'spread',
    words: '200 rooms of 10, one publisher each, one in flight',
    load: {rooms: 200, members: 10, publishers: 1, window: 1},
    figure: PER_DELIVERY,
    details: OF_MESSAGES,
  },
  {
    name: 'paced',
    words: '50 rooms of 10, all publish, 2 000 messages/s together',
    // Few messages, so they take longer to have a server's code compiled.
    load: {rooms: 50, members: 10, publishers: 10, rate: 2000, warmupSeconds: 8},
    figure: P99,
    details: [DELIVERED, P50, SERVER_CPU, LOAD_CPU, RSS],
  },
  {
    name: 'accept',
    words: '10 000 clients connect, say hello and join rooms of 10; at most 256 are at it at a time',
    load: {rooms: 1000, ...HELD_IN_ROOMS},
    figure: CONNECTS,
    details: [
      CPU_PER_CONNECTION,
      {key: 'joinP50Us', title: 'p50 until joined, ms', factor: 0.001, digits: 1},
      {key: 'joinP99Us', title: 'p99 until joined, ms', factor: 0.001, digits: 1},
      RSS,
    ],
  },
  {
    name: 'storm',
    words:
      '500 rooms of 10 are cut off and come back at once; in one more room of 10 somebody publishes 1 000 messages/s all the while',
    load: {rooms: 501, members: 10, publishers: 1, rate: 1000, isStorm: true, seconds: 1},
    figure: {key: 'rejoinSeconds', title: 'until all are back, s', factor: 1, digits: 2},
    details: [
      CPU_PER_CONNECTION,
      {key: 'calmP99Us', title: 'p99 of the room that stays, before, ms', factor: 0.001, digits: 2},
      {key: 'p99Us', title: 'in the storm, ms', factor: 0.001, digits: 2},
      {key: 'retries', title: 'refused at first', factor: 1, digits: 0},
      {key: 'lost', title: 'lost', factor: 1, digits: 0},
      SERVER_CPU,
      LOAD_CPU,
    ],
  },
  {
    name: 'idle',
    words: '10 000 connections in rooms of 10, silent',
    load: {rooms: 1000, ...HELD_IN_ROOMS},
    figure: RSS_PER_CONNECTION,
    details: [RSS],
  },
  {
    name: 'idle50k',
    words: '50 000 connections in rooms of 10, silent',
    load: {rooms: 5000, ...HELD_IN_ROOMS},
    figure: RSS_PER_CONNECTION,
    details: [RSS, CONNECTS],
  },
  {
    name: 'start',
    words:
      'From starting the process, on one core, until it takes connections; of `gs`, until its line `ready`, which comes after',
    load: null,
    figure: START,
    details: [RSS],
  },
]

/** Connections that a work holds. */
export function connectionsOf({load}: Pick<Work, 'load'>): number {
  return load === null ? 0 : load.rooms * load.members
}
