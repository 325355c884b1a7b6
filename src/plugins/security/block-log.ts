import type {Clock} from '../../contract/clock.js'
import type {Logger} from '../../contract/logger.js'
import {isoTime} from '../../util/iso-time.js'
import type {Block} from './block.js'
import {type BlockTarget, describeTarget} from './target.js'

const QUIET_MS = 10_000
/** Targets whose last line is remembered. */
const MAX_TARGETS = 10_000

export type BlockCause = 'violations' | 'suspicion'

/** Lines about blocks, at most one for each target in 10 s; the next one says how many were left out. */
export class BlockLog {
  readonly #log: Logger
  readonly #clock: Clock
  /** In the order of their last line; at most 10 000. */
  readonly #last = new Map<string, {readonly atMs: number; leftOut: number}>()

  constructor(log: Logger, clock: Clock) {
    this.#log = log
    this.#clock = clock
  }

  blocked({target, rule, untilMs}: Block, cause: BlockCause): void {
    const fields = this.#fields(target)
    if (fields === null) return
    const line = {...fields, rule, until: untilMs === null ? null : isoTime(untilMs)}
    if (cause === 'violations') this.#log.warn(line, `${target.kind} temporarily blocked for rate limit violations`)
    else this.#log.error(line, `${target.kind} blocked for DDoS-like activity`)
  }

  /** By an operator. */
  blockedByHand({target, author, reason, untilMs}: Block): void {
    const until = untilMs === null ? null : isoTime(untilMs)
    this.#log.info({target: describeTarget(target), author, reason, until}, `${target.kind} blocked`)
  }

  unblocked(target: BlockTarget, author: string): void {
    this.#log.info({target: describeTarget(target), author}, `${target.kind} unblocked`)
  }

  #fields(target: BlockTarget): object | null {
    const nowMs = this.#clock.monotonicMs()
    const name = describeTarget(target)
    const last = this.#last.get(name)
    if (last !== undefined && nowMs - last.atMs < QUIET_MS) {
      last.leftOut += 1
      return null
    }
    this.#last.delete(name)
    this.#last.set(name, {atMs: nowMs, leftOut: 0})
    if (this.#last.size > MAX_TARGETS) this.#last.delete(this.#last.keys().next().value as string)
    const leftOut = last?.leftOut ?? 0
    return {
      ...(target.kind === 'user' ? {userId: target.userId} : {address: target.text}),
      ...(leftOut > 0 && {leftOut}),
    }
  }
}
