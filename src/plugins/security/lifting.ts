import type {Clock} from '../../contract/clock.js'
import type {
  AuditEntry,
  BlockDesk,
  BlockFilter,
  BlockView,
  TargetResult,
  UnblockRequest,
} from '../../contract/security.js'
import type {Store} from '../../contract/store.js'
import {GsError} from '../../errors.js'
import {formatDuration} from '../../units.js'
import {auditRow, readAudit} from './audit-trail.js'
import type {Block} from './block.js'
import type {BlockKeeper} from './block-keeper.js'
import {RECORD_MS} from './block-keeper.js'
import {isRecorded, keyOf} from './security-tables.js'
import {type BlockTarget, describeTarget, readBlockTarget} from './target.js'

export const DEFAULT_ACTOR = 'api'

/** What lifting needs to know of the running server; nothing of it while the plugin is disabled. */
export interface LiveState {
  /** Connected or tracked. */
  isKnown(target: BlockTarget & {kind: 'user'}): boolean
  /** Forgets violations and suspicion. */
  pardon(target: BlockTarget): void
  onLifted(target: BlockTarget, actor: string): void
}

/** Looks at blocks and lifts them. Works on what is stored, with or without the rest of the plugin. */
export class Lifting implements BlockDesk {
  readonly #keeper: BlockKeeper
  readonly #store: Store
  readonly #clock: Clock
  readonly #live: LiveState | null

  constructor(options: {keeper: BlockKeeper; store: Store; clock: Clock; live: LiveState | null}) {
    this.#keeper = options.keeper
    this.#store = options.store
    this.#clock = options.clock
    this.#live = options.live
  }

  blocks(filter: BlockFilter = {}): BlockView[] {
    return this.#keeper.book.list(filter, this.#clock.nowMs()).map(block => this.#keeper.view(block))
  }

  async unblock({targets, filter, actor = DEFAULT_ACTOR}: UnblockRequest): Promise<TargetResult[]> {
    if ((targets === undefined) === (filter === undefined)) {
      throw new GsError('usage', 'either targets or a filter must be given')
    }
    if (targets !== undefined) {
      const wanted = targets.map(readBlockTarget)
      return Promise.all(wanted.map(target => this.#liftOne(target, actor)))
    }
    return this.#liftAll(filter ?? {}, actor)
  }

  audit(limit?: number): Promise<AuditEntry[]> {
    return readAudit(this.#store, limit)
  }

  async #liftOne(target: BlockTarget, actor: string): Promise<TargetResult> {
    const nowMs = this.#clock.nowMs()
    const block = this.#keeper.book.get(target, nowMs)
    const isKnown = block !== undefined || (await this.#isKnown(target))
    const covering = this.#keeper.book.covering(target, nowMs).filter(other => other !== block)
    const result = {target: target.text, durable: true, disconnected: 0}
    if (!isKnown && covering.length === 0) {
      return {...result, outcome: 'not_found', message: `${describeTarget(target)} is not known, and not blocked`}
    }
    const details = {wasBlocked: block !== undefined}
    const note = auditRow({atMs: nowMs, actor, action: 'unblock', target: describeTarget(target), details})
    const durable = await this.#keeper.remove([target], [note])
    this.#live?.pardon(target)
    if (block !== undefined) this.#live?.onLifted(target, actor)
    return {...result, durable, ...describeLifting(target, block, covering, nowMs)}
  }

  async #liftAll(filter: BlockFilter, actor: string): Promise<TargetResult[]> {
    const nowMs = this.#clock.nowMs()
    const found = this.#keeper.book.list(filter, nowMs)
    const configured = found.filter(({isConfigured}) => isConfigured)
    const targets = found.filter(({isConfigured}) => !isConfigured).map(({target}) => target)
    const results: TargetResult[] = configured.map(({target}) => ({
      target: target.text,
      durable: true,
      disconnected: 0,
      ...describeConfigured(target),
    }))
    for (const batch of batches(targets)) {
      const notes = batch.map(target =>
        auditRow({atMs: nowMs, actor, action: 'unblock', target: describeTarget(target), details: {filter}}),
      )
      const durable = await this.#keeper.remove(batch, notes)
      for (const target of batch) {
        this.#live?.pardon(target)
        this.#live?.onLifted(target, actor)
        results.push({
          target: target.text,
          outcome: 'lifted',
          message: `lifted the block of ${describeTarget(target)}`,
          durable,
          disconnected: 0,
        })
      }
    }
    return results
  }

  async #isKnown(target: BlockTarget): Promise<boolean> {
    // An address is there whether or not anybody ever came from it.
    if (target.kind !== 'user') return true
    if (this.#keeper.ladder.has(keyOf(target)) || this.#live?.isKnown(target)) return true
    return isRecorded(this.#store, target.userId, this.#clock.nowMs() - RECORD_MS)
  }
}

const BATCH = 200

function* batches<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let index = 0; index < items.length; index += BATCH) yield items.slice(index, index + BATCH)
}

function describeLifting(
  target: BlockTarget,
  block: Block | undefined,
  covering: readonly Block[],
  nowMs: number,
): Pick<TargetResult, 'outcome' | 'message'> {
  const name = describeTarget(target)
  const [wider] = covering
  const left = block?.untilMs == null ? '' : ` (${formatDuration(block.untilMs - nowMs)} were left)`
  if (wider?.target.text === target.text) return describeConfigured(target)
  if (wider !== undefined) {
    const where = wider.isConfigured ? `${wider.target.text} of the configuration` : wider.target.text
    const done = block === undefined ? `${name} has no block of its own` : `lifted the block of ${name}${left}`
    return {outcome: 'still_covered', message: `${done}, still covered by ${where}`}
  }
  if (block === undefined) return {outcome: 'not_blocked', message: `${name} is not blocked`}
  return {outcome: 'lifted', message: `lifted the block of ${name}${left}`}
}

function describeConfigured(target: BlockTarget): Pick<TargetResult, 'outcome' | 'message'> {
  const message = `${describeTarget(target)} stands in security.blockedIps and must leave the configuration`
  return {outcome: 'configured', message}
}
