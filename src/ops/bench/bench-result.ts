import {LatencyHistogram} from '../../client/bench/latency-histogram.js'
import type {LoadPlan} from '../../client/bench/load-plan.js'
import type {LoadTally} from '../../client/bench/load-tally.js'
import type {ServerAccount} from './server-account.js'

/** What a load has shown. Times are milliseconds; rates are over the measured time. */
export interface BenchResult {
  readonly target: {readonly host: string; readonly port: number}
  readonly load: BenchLoad
  readonly durationMs: number
  /** It was ended before its time: by the user, or because no client was left. */
  readonly isCutShort: boolean
  readonly published: number
  readonly publishedPerSecond: number
  /** Messages that members received, the sender's own among them. */
  readonly deliveries: number
  readonly deliveriesPerSecond: number
  /** From publish to the sender's own echo. */
  readonly latency: {
    readonly samples: number
    readonly p50Ms: number
    readonly p99Ms: number
    readonly maxMs: number
  }
  /** Messages that the server answered with an error, by its code. */
  readonly errors: {readonly total: number; readonly byCode: Readonly<Record<string, number>>}
  /** Clients that lost their connection, by the reason. */
  readonly lost: {readonly total: number; readonly byReason: Readonly<Record<string, number>>}
  readonly generator: {
    /** Of the busiest thread: of the time, how much it was not waiting. */
    readonly busyPercent: number
    /** Of one core. */
    readonly cpuPercent: number
    readonly loopDelayP99Ms: number
    /** It could not have made or measured more: the figures tell of the load rather than of the server. */
    readonly isBottleneck: boolean
  }
  /** What the server says of itself; null without an admin socket. */
  readonly server: ServerAccount | null
  /** What a reader should know, a sentence each. */
  readonly notes: readonly string[]
}

export interface BenchLoad {
  readonly clients: number
  readonly rooms: number
  readonly publishers: number
  /** Messages that each publisher has on their way; null with a fixed rate. */
  readonly window: number | null
  /** Messages a second of all publishers together; null with a window. */
  readonly ratePerSecond: number | null
  readonly payloadBytes: number
  readonly framing: string
  readonly workers: number
}

const BUSY_RATIO = 0.9
/** A fixed rate is missed when less than this share of it was sent. */
const KEPT_RATIO = 0.99
/** A median that is not far above the load's own delay is mostly that delay. */
const DELAY_SHARE = 0.25

export function describeResult({
  plan,
  tally,
  server,
  isCutShort,
  notes,
}: {
  plan: LoadPlan
  tally: LoadTally
  server: ServerAccount | null
  isCutShort: boolean
  notes: readonly string[]
}): BenchResult {
  const {host, port, clients, rooms, publishers, pace, payloadBytes, framing, workers} = plan
  const {elapsedMs, published, deliveries} = tally
  const latency = new LatencyHistogram()
  latency.add(tally.latency)
  const perSecond = (count: number) => (elapsedMs === 0 ? 0 : (count * 1000) / elapsedMs)
  const rate = pace.kind === 'rate' ? pace.messagesPerSecond : null
  const {busyRatio, cpuRatio, loopDelayP99Ms} = tally.generator
  const latencyMs = {p50Ms: toMs(latency.percentileUs(50)), p99Ms: toMs(latency.percentileUs(99))}
  const reasons = [
    busyRatio >= BUSY_RATIO && `a thread of the load was busy ${Math.round(busyRatio * 100)} % of the time`,
    rate !== null && perSecond(published) < rate * KEPT_RATIO && busyRatio >= DELAY_SHARE && 'the rate was not kept',
    loopDelayP99Ms > latencyMs.p99Ms * DELAY_SHARE &&
      latency.samples > 0 &&
      loopDelayP99Ms >= 1 &&
      `a thread of the load was late by ${loopDelayP99Ms.toFixed(1)} ms`,
  ].filter(reason => reason !== false)
  const advice = 'give it more --workers, free cores, or less to do'
  return {
    target: {host, port},
    load: {
      clients,
      rooms,
      publishers,
      window: pace.kind === 'window' ? pace.messages : null,
      ratePerSecond: rate,
      payloadBytes,
      framing,
      workers,
    },
    durationMs: elapsedMs,
    isCutShort,
    published,
    publishedPerSecond: perSecond(published),
    deliveries,
    deliveriesPerSecond: perSecond(deliveries),
    latency: {samples: latency.samples, ...latencyMs, maxMs: toMs(latency.maxUs)},
    errors: {total: totalOf(tally.errors), byCode: Object.fromEntries(tally.errors)},
    lost: {total: totalOf(tally.lost), byReason: Object.fromEntries(tally.lost)},
    generator: {
      busyPercent: busyRatio * 100,
      cpuPercent: cpuRatio * 100,
      loopDelayP99Ms,
      isBottleneck: reasons.length > 0,
    },
    server,
    notes: [
      ...notes,
      ...(reasons.length > 0 ? [`The load itself was the bottleneck: ${reasons.join(', ')}; ${advice}.`] : []),
    ],
  }
}

function toMs(us: number): number {
  return us / 1000
}

function totalOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}
