import {readFileSync} from 'node:fs'
import {availableParallelism} from 'node:os'

import {LoadCrew} from '../../client/bench/load-crew.js'
import type {LoadPlan} from '../../client/bench/load-plan.js'
import type {ClientClock} from '../../client/client-clock.js'
import {GsError} from '../../errors.js'
import {type BenchResult, describeResult} from './bench-result.js'
import type {BenchTarget} from './bench-target.js'
import {type Exemption, exemptLoad} from './exempt-load.js'
import {AccountKeeper, type ServerAccount} from './server-account.js'

export interface BenchOptions {
  readonly plan: Omit<LoadPlan, 'host' | 'port'>
  readonly target: BenchTarget
  readonly warmupMs: number
  readonly durationMs: number
  /** Ends the load before its time; what was measured so far is the result. */
  readonly signal: AbortSignal
  /** Told a few times a second how far it is. */
  onProgress(progress: BenchProgress): void
  readonly clock: ClientClock
}

export interface BenchProgress {
  readonly phase: 'connecting' | 'warming up' | 'measuring'
  /** 0 to 1. */
  readonly ratio: number
  readonly clients: number
  readonly deliveriesPerSecond: number
}

const PROGRESS_MS = 200
const SHORTEST_MS = 50
const SAMPLE_MS = 1000
const MAX_WORKERS = 8
/** Time for the clients to come in, for which they must be exempt from rules, too. */
const JOINING_MS = 600_000
/** Files and sockets beside those of the clients. */
const OTHER_DESCRIPTORS = 64

/** Threads for a load when nobody says how many: the cores but one, which is the server's. */
export function defaultWorkers(): number {
  return Math.min(MAX_WORKERS, Math.max(1, availableParallelism() - 1))
}

/**
 * Puts a server under load and says what came of it.
 *
 * @throws {GsError} usage for a plan that does not fit together or this machine; as `LoadCrew.joined` when the clients
 * cannot come in.
 */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const {target} = options
  const plan: LoadPlan = {...options.plan, host: target.host, port: target.port}
  checkPlan(plan)
  const notes = target.note === undefined ? [] : [target.note]
  const exemption = await exempt(options, notes)
  const crew = LoadCrew.start(plan)
  try {
    return await new Run({options, plan, crew, notes}).result()
  } finally {
    await crew.close()
    await liftInTime(exemption)
  }
}

async function exempt({target, plan, warmupMs, durationMs}: BenchOptions, notes: string[]): Promise<Exemption | null> {
  if (target.admin === null) return null
  const exemption = await exemptLoad(target.admin, plan.clients, JOINING_MS + warmupMs + durationMs)
  if (exemption.note !== undefined) notes.push(exemption.note)
  return exemption
}

async function liftInTime(exemption: Exemption | null): Promise<void> {
  try {
    await exemption?.lift()
  } catch (error) {
    // It ends by itself; a server that has gone meanwhile is no reason to lose the result.
    if (!GsError.is(error)) throw error
  }
}

function checkPlan({clients, rooms, publishers}: LoadPlan): void {
  if (clients < rooms) {
    throw new GsError('usage', `${clients} clients cannot fill ${rooms} rooms`, {hint: 'Give more --clients.'})
  }
  if (publishers * rooms > clients) {
    const message = `${clients} clients in ${rooms} rooms are too few for ${publishers} publishers in each`
    throw new GsError('usage', message, {hint: 'Give more --clients, or fewer --publishers.'})
  }
  const limit = descriptorLimit()
  if (clients + OTHER_DESCRIPTORS > limit) {
    const message = `${clients} clients need more open files than the ${limit} that this process may have`
    throw new GsError('usage', message, {hint: 'Raise the limit with "ulimit -n", or give fewer --clients.'})
  }
}

function descriptorLimit(): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
  } catch {
    // Only Linux has the file; elsewhere the first client too many says so.
    return Number.POSITIVE_INFINITY
  }
}

class Run {
  readonly #options: BenchOptions
  readonly #plan: LoadPlan
  readonly #crew: LoadCrew
  readonly #notes: string[]
  readonly #aborted = Promise.withResolvers<void>()

  constructor({options, plan, crew, notes}: {options: BenchOptions; plan: LoadPlan; crew: LoadCrew; notes: string[]}) {
    this.#options = options
    this.#plan = plan
    this.#crew = crew
    this.#notes = notes
  }

  async result(): Promise<BenchResult> {
    const {signal, warmupMs, durationMs} = this.#options
    const abort = () => this.#aborted.resolve()
    signal.addEventListener('abort', abort, {once: true})
    try {
      await this.#during('connecting', this.#crew.joined())
      if (!signal.aborted) this.#crew.order('publish')
      await this.#during('warming up', this.#crew.deserted(), warmupMs)
      const keeper = await this.#beginAccount()
      if (!signal.aborted) this.#crew.order('count')
      const isWhole = await this.#during('measuring', this.#crew.deserted(), durationMs, keeper)
      const server = await this.#endAccount(keeper)
      const tally = await this.#crew.finish()
      return describeResult({plan: this.#plan, tally, server, isCutShort: !isWhole, notes: this.#notes})
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  /** Waits for `event`, but not longer than `limitMs`, and shows how far it is. True: all that time has passed. */
  async #during(
    phase: BenchProgress['phase'],
    event: Promise<void>,
    limitMs = Number.POSITIVE_INFINITY,
    keeper: AccountKeeper | null = null,
  ): Promise<boolean> {
    const {clock, signal, onProgress} = this.#options
    const startMs = clock.monotonicMs()
    const over = Promise.race([event, this.#aborted.promise]).then(() => true)
    // Whatever goes wrong is met where the loop waits, at its next turn.
    over.catch(() => {})
    let isOver = signal.aborted
    let nowMs = startMs
    let shown = {atMs: startMs, deliveries: this.#crew.progress.deliveries}
    let sampledMs = startMs
    while (!isOver && nowMs - startMs < limitMs) {
      isOver = await this.#within(over, Math.min(PROGRESS_MS, startMs + limitMs - nowMs))
      nowMs = clock.monotonicMs()
      const {joined, deliveries} = this.#crew.progress
      const elapsedMs = nowMs - shown.atMs
      // Too short a time says nothing of a rate.
      if (elapsedMs >= SHORTEST_MS) {
        const ratio = limitMs === Number.POSITIVE_INFINITY ? joined / this.#plan.clients : (nowMs - startMs) / limitMs
        const deliveriesPerSecond = ((deliveries - shown.deliveries) * 1000) / elapsedMs
        onProgress({phase, ratio: Math.min(1, ratio), clients: joined, deliveriesPerSecond})
        shown = {atMs: nowMs, deliveries}
      }
      if (keeper === null || nowMs - sampledMs < SAMPLE_MS) continue
      sampledMs = nowMs
      await this.#ask(() => keeper.sample())
    }
    return !isOver
  }

  /** False: it has not come in that time. */
  async #within(event: Promise<boolean>, durationMs: number): Promise<boolean> {
    const {promise, resolve} = Promise.withResolvers<false>()
    const cancel = this.#options.clock.after(durationMs, () => resolve(false))
    try {
      return await Promise.race([event, promise])
    } finally {
      cancel()
    }
  }

  async #beginAccount(): Promise<AccountKeeper | null> {
    const {admin} = this.#options.target
    return admin === null ? null : this.#ask(() => AccountKeeper.begin(admin))
  }

  async #endAccount(keeper: AccountKeeper | null): Promise<ServerAccount | null> {
    return keeper && this.#ask(() => keeper.end())
  }

  /** A server that does not answer spoils its account, not the measurement. */
  async #ask<Value>(question: () => Promise<Value>): Promise<Value | null> {
    try {
      return await question()
    } catch (error) {
      if (!GsError.is(error)) throw error
      const note = `No whole account of the server: ${error.message}.`
      if (!this.#notes.includes(note)) this.#notes.push(note)
      return null
    }
  }
}
