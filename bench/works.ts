/** A load, as options of the generator in `generator/`. */
export interface Work {
  readonly name: string
  /** What the work is, for the table of results. */
  readonly words: string
  readonly rooms: number
  readonly members: number
  readonly publishers: number
  /** Messages that each publisher keeps on their way. */
  readonly window?: number
  /** Messages a second of all publishers together, instead of a window. */
  readonly rate?: number
  readonly payloadBytes?: number
  /** Default: what the run says. */
  readonly seconds?: number
  readonly warmupSeconds?: number
  /** The figure that the work is about. */
  readonly figure: Figure
}

export interface Figure {
  readonly key: keyof Measured
  readonly title: string
  readonly factor: number
  readonly digits: number
}

/** What the generator prints. */
export interface Measured {
  readonly connections: number
  readonly publishedPerSecond: number
  readonly deliveriesPerSecond: number
  readonly p50Us: number
  readonly p99Us: number
  readonly maxUs: number
  readonly serverCpuPercent: number
  readonly cpuUsPerDelivery: number
  readonly generatorCpuPercent: number
  readonly rssMb: number
  readonly rssKbPerConnection: number
  readonly connectsPerSecond: number
}

export const PER_DELIVERY: Figure = {key: 'cpuUsPerDelivery', title: 'µs of CPU a delivery', factor: 1, digits: 3}
const P99: Figure = {key: 'p99Us', title: 'p99, ms', factor: 0.001, digits: 2}
const PER_CONNECTION: Figure = {key: 'rssKbPerConnection', title: 'KB a connection', factor: 1, digits: 1}

export const WORKS: readonly Work[] = [
  {
    name: 'many',
    words: '10 rooms of 10, all publish, 4 in flight each',
    rooms: 10,
    members: 10,
    publishers: 10,
    window: 4,
    figure: PER_DELIVERY,
  },
  {
    name: 'big',
    words: '1 room of 500, one publisher, 8 in flight',
    rooms: 1,
    members: 500,
    publishers: 1,
    window: 8,
    figure: PER_DELIVERY,
  },
  {
    name: 'spread',
    words: '200 rooms of 10, one publisher each, one in flight',
    rooms: 200,
    members: 10,
    publishers: 1,
    window: 1,
    figure: PER_DELIVERY,
  },
  {
    name: 'paced',
    words: '50 rooms of 10, all publish, 2 000 messages/s together',
    rooms: 50,
    members: 10,
    publishers: 10,
    rate: 2000,
    figure: P99,
  },
  {
    name: 'idle',
    words: '10 000 connections in rooms of 10, silent',
    rooms: 1000,
    members: 10,
    publishers: 0,
    seconds: 0.1,
    warmupSeconds: 0,
    figure: PER_CONNECTION,
  },
]
