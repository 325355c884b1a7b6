import {Worker} from 'node:worker_threads'
import {GsError} from '../../errors.js'
import {LatencyHistogram} from './latency-histogram.js'
import {clientsOf, type LoadPlan} from './load-plan.js'
import {LiveCounts, type LoadOrder, type LoadProgress, type LoadReport, type LoadTally} from './load-tally.js'
import type {LoadWorkerData} from './load-worker.js'
import {loadWorkerUrl} from './load-worker-url.js'

/** The threads of a load, led through it together. */
export class LoadCrew {
  readonly #hands: readonly Hand[]

  private constructor(hands: readonly Hand[]) {
    this.#hands = hands
  }

  /** Starts the threads, which begin to bring in their clients. `tokens` are those of all clients, in their order. */
  static start(plan: LoadPlan, tokens?: readonly string[]): LoadCrew {
    return new LoadCrew(Array.from({length: plan.workers}, (_, worker) => new Hand(plan, worker, tokens)))
  }

  /**
   * Resolves when every client has joined its room.
   *
   * @throws {GsError} server_unreachable, connection_closed, timed_out, or the code with which the server refused.
   */
  async joined(): Promise<void> {
    await Promise.all(this.#hands.map(hand => hand.joined))
  }

  /** Resolves when every client has lost its connection; rejects when a thread has failed. */
  async deserted(): Promise<void> {
    await Promise.all(this.#hands.map(hand => hand.deserted))
  }

  get progress(): LoadProgress {
    const sum = {joined: 0, published: 0, deliveries: 0}
    for (const {counts} of this.#hands) {
      sum.joined += counts.joined
      sum.published += counts.published
      sum.deliveries += counts.deliveries
    }
    return sum
  }

  /** `publish`: begin to send. `count`: the warm-up is over. */
  order(order: 'publish' | 'count'): void {
    for (const hand of this.#hands) hand.order(order)
  }

  /** Ends the load and adds up what the threads have counted. */
  async finish(): Promise<LoadTally> {
    return addUp(await Promise.all(this.#hands.map(hand => hand.finish())))
  }

  /** Drops whatever still runs. */
  async close(): Promise<void> {
    await Promise.all(this.#hands.map(hand => hand.close()))
  }
}

/** One thread. */
class Hand {
  readonly counts = new LiveCounts()
  readonly #worker: Worker
  readonly #joined = Promise.withResolvers<void>()
  readonly #deserted = Promise.withResolvers<void>()
  readonly #finished = Promise.withResolvers<LoadTally>()

  constructor(plan: LoadPlan, worker: number, tokens: readonly string[] | undefined) {
    const own = tokens && clientsOf(plan, worker).map(({index}) => tokens[index] as string)
    const workerData: LoadWorkerData = {plan, worker, counts: this.counts.memory, tokens: own}
    this.#worker = new Worker(loadWorkerUrl(), {workerData, name: `gs load ${worker}`})
    this.#worker.on('message', (report: LoadReport) => this.#take(report))
    this.#worker.on('error', error => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('a thread of the load has ended')))
    // Whoever is interested waits for them; nobody has to.
    for (const {promise} of [this.#joined, this.#deserted, this.#finished]) promise.catch(() => {})
  }

  get joined(): Promise<void> {
    return this.#joined.promise
  }

  get deserted(): Promise<void> {
    return this.#deserted.promise
  }

  order(order: LoadOrder): void {
    this.#worker.postMessage(order)
  }

  finish(): Promise<LoadTally> {
    this.order('finish')
    return this.#finished.promise
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #take(report: LoadReport): void {
    if (report.kind === 'joined') this.#joined.resolve()
    else if (report.kind === 'deserted') this.#deserted.resolve()
    else if (report.kind === 'finished') this.#finished.resolve(report.tally)
    else {
      const {code, message, hint} = report
      this.#fail(new GsError(code, message, hint === undefined ? {} : {hint}))
    }
  }

  /** What has been settled already stays as it is. */
  #fail(error: unknown): void {
    for (const {reject} of [this.#joined, this.#deserted, this.#finished]) reject(error)
  }
}

/** Counts are added; of the load's own effort the busiest thread counts, for the slowest holds up the others. */
function addUp(tallies: readonly LoadTally[]): LoadTally {
  const latency = new LatencyHistogram()
  for (const tally of tallies) latency.add(tally.latency)
  const sum = (count: (tally: LoadTally) => number) => tallies.reduce((total, tally) => total + count(tally), 0)
  const most = (size: (tally: LoadTally) => number) => Math.max(...tallies.map(size))
  return {
    elapsedMs: most(({elapsedMs}) => elapsedMs),
    published: sum(({published}) => published),
    deliveries: sum(({deliveries}) => deliveries),
    errors: mergeCounts(tallies.map(({errors}) => errors)),
    lost: mergeCounts(tallies.map(({lost}) => lost)),
    latency: latency.toData(),
    generator: {
      busyRatio: most(({generator}) => generator.busyRatio),
      cpuRatio: most(({generator}) => generator.cpuRatio),
      loopDelayP99Ms: most(({generator}) => generator.loopDelayP99Ms),
    },
  }
}

function mergeCounts(all: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const merged = new Map<string, number>()
  for (const counts of all) for (const [key, count] of counts) merged.set(key, (merged.get(key) ?? 0) + count)
  return merged
}
