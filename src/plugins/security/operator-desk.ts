import type {Clock} from '../../contract/clock.js'
import type {
  AllowRequest,
  AllowView,
  BlockRequest,
  PortableBlock,
  SecurityTarget,
  TargetResult,
} from '../../contract/security.js'
import {GsError} from '../../errors.js'
import {formatDuration} from '../../units.js'
import {covers, parseRange} from '../../util/address-range.js'
import {visibleValue} from '../../util/visible-text.js'
import {auditRow} from './audit-trail.js'
import type {Block} from './block.js'
import type {BlockKeeper} from './block-keeper.js'
import {DEFAULT_ACTOR} from './lifting.js'
import type {Allowance} from './security-tables.js'
import {type BlockTarget, describeTarget, readBlockTarget, readTarget, type Target} from './target.js'

const SHORTEST_MS = 1000
const LONGEST_MS = 100 * 365 * 86_400_000
const MAX_TEXT = 500
/** Ranges with a shorter prefix are a large part of the internet. */
const WIDE_PREFIX_BITS = {4: 8, 6: 16} as const
const LOOPBACK = ['127.0.0.0/8', '::1'].map(text => parseRange(text))

/** What blocking does to a running server. */
export interface BlockEffects {
  /** Ends the connections that a block is about; returns how many. */
  disconnect(block: Block): number
  onBlocked(block: Block): void
  pardon(target: BlockTarget): void
}

/** What operators do besides lifting. Everything is on the disk before it is answered, and stands in the audit. */
export class OperatorDesk {
  readonly #keeper: BlockKeeper
  readonly #clock: Clock
  readonly #effects: BlockEffects

  constructor({keeper, clock, effects}: {keeper: BlockKeeper; clock: Clock; effects: BlockEffects}) {
    this.#keeper = keeper
    this.#clock = clock
    this.#effects = effects
  }

  async block(request: BlockRequest): Promise<TargetResult[]> {
    const {forMs, reason, actor, force = false} = checkWords(request)
    const targets = request.targets.map(readBlockTarget)
    return Promise.all(targets.map(target => this.#blockOne(target, {forMs, reason, actor, force})))
  }

  async allow(request: AllowRequest): Promise<TargetResult[]> {
    const {forMs, reason, actor} = checkWords(request)
    const targets = request.targets.map(readTarget)
    return Promise.all(targets.map(target => this.#allowOne(target, {forMs, reason, actor})))
  }

  async disallow(targets: readonly SecurityTarget[], actor = DEFAULT_ACTOR): Promise<TargetResult[]> {
    return Promise.all(targets.map(readTarget).map(target => this.#disallowOne(target, actor)))
  }

  allowed(): AllowView[] {
    return this.#keeper.allowList.views(this.#clock.nowMs())
  }

  async importBlocks(portable: readonly PortableBlock[], actor = DEFAULT_ACTOR): Promise<TargetResult[]> {
    const nowMs = this.#clock.nowMs()
    const blocks = portable.map(entry => toBlock(entry, actor))
    const fresh = blocks.filter(({untilMs}) => untilMs === null || untilMs > nowMs)
    const taken = fresh.filter(block => this.#problemOf(block.target, true) === null)
    const notes = [
      auditRow({
        atMs: nowMs,
        actor,
        action: 'import',
        target: null,
        details: {blocks: taken.map(({target}) => describeTarget(target))},
      }),
    ]
    const durable = taken.length === 0 || (await this.#keeper.put(taken, notes))
    return blocks.map(block => {
      const target = block.target.text
      const name = describeTarget(block.target)
      if (!fresh.includes(block)) {
        return result(target, 'refused', `the block of ${name} has ended already`)
      }
      if (!taken.includes(block)) return result(target, 'refused', this.#problemOf(block.target, true) ?? '')
      return {...result(target, 'blocked', `blocked ${name}`), durable, disconnected: this.#effects.disconnect(block)}
    })
  }

  async #blockOne(
    target: BlockTarget,
    {forMs, reason, actor, force}: {forMs: number | null; reason: string | null; actor: string; force: boolean},
  ): Promise<TargetResult> {
    const problem = this.#problemOf(target, force)
    if (problem !== null) return result(target.text, 'refused', problem)
    const sinceMs = this.#clock.nowMs()
    const former = this.#keeper.book.get(target, sinceMs)
    if (former !== undefined && former.rule === null && former.untilMs === null && forMs === null) {
      if (former.reason === reason) {
        return result(target.text, 'already_blocked', `${describeTarget(target)} is blocked already`)
      }
    }
    const untilMs = forMs === null ? null : sinceMs + forMs
    const block: Block = {
      target,
      rule: null,
      reason,
      author: actor,
      evidence: null,
      isConfigured: false,
      sinceMs,
      untilMs,
    }
    const details = {reason, forMs, replaced: former !== undefined}
    const note = auditRow({atMs: sinceMs, actor, action: 'block', target: describeTarget(target), details})
    const saving = this.#keeper.put([block], [note])
    // In force already, so nobody gets back in while it is written.
    const disconnected = this.#effects.disconnect(block)
    this.#effects.onBlocked(block)
    const durable = await saving
    const time = forMs === null ? 'until it is lifted' : `for ${formatDuration(forMs)}`
    return {...result(target.text, 'blocked', `blocked ${describeTarget(target)} ${time}`), durable, disconnected}
  }

  async #allowOne(
    target: Target,
    {forMs, reason, actor}: {forMs: number | null; reason: string | null; actor: string},
  ): Promise<TargetResult> {
    const sinceMs = this.#clock.nowMs()
    const former = this.#keeper.allowList.get(target, sinceMs)
    const name = describeTarget(target)
    if (former !== undefined && (former.isConfigured || (former.untilMs === null && forMs === null))) {
      return result(target.text, 'already_allowed', `${name} is on the allow-list already`)
    }
    const entry: Allowance = {
      target,
      reason,
      author: actor,
      isConfigured: false,
      sinceMs,
      untilMs: forMs === null ? null : sinceMs + forMs,
    }
    const lifted = this.#blocksWithin(target, sinceMs)
    const details = {reason, forMs, lifted: lifted.map(describeTarget)}
    const note = auditRow({atMs: sinceMs, actor, action: 'allow', target: name, details})
    const durable = await this.#keeper.allow(entry, lifted, [note])
    for (const block of lifted) this.#effects.pardon(block)
    const also = lifted.length === 0 ? '' : `, and lifted ${lifted.length} ${lifted.length === 1 ? 'block' : 'blocks'}`
    const time = forMs === null ? '' : ` for ${formatDuration(forMs)}`
    return {...result(target.text, 'allowed', `allowed ${name}${time}${also}`), durable}
  }

  async #disallowOne(target: Target, actor: string): Promise<TargetResult> {
    const nowMs = this.#clock.nowMs()
    const entry = this.#keeper.allowList.get(target, nowMs)
    const name = describeTarget(target)
    if (entry === undefined) return result(target.text, 'not_allowed', `${name} is not on the allow-list`)
    if (entry.isConfigured) {
      return result(target.text, 'configured', `${name} stands in security.allowedIps and must leave the configuration`)
    }
    const note = auditRow({atMs: nowMs, actor, action: 'disallow', target: name, details: {}})
    const durable = await this.#keeper.disallow(target, [note])
    return {...result(target.text, 'disallowed', `took ${name} off the allow-list`), durable}
  }

  /** Why it had better not be blocked; null: nothing. The allow-list has the last word, whatever is forced. */
  #problemOf(target: BlockTarget, isForced: boolean): string | null {
    const {allowList, book} = this.#keeper
    const nowMs = this.#clock.nowMs()
    const name = describeTarget(target)
    const isAllowed =
      target.kind === 'user'
        ? allowList.ofUser(target.userId, nowMs) !== undefined
        : allowList.covers(target.range, nowMs)
    if (isAllowed) return `${name} is on the allow-list, which wins; take it off first`
    if (book.isFull) return 'there are 1000000 blocks, which is the limit'
    if (isForced || target.kind === 'user') return null
    const {range} = target
    if (range.prefixBits < WIDE_PREFIX_BITS[range.family])
      return `${name} is a large part of all addresses; --force does it`
    const isLocal = LOOPBACK.some(local => local !== null && (covers(local, range) || covers(range, local)))
    return isLocal ? `${name} is this machine itself; --force does it` : null
  }

  #blocksWithin(target: Target, nowMs: number): BlockTarget[] {
    const blocks = this.#keeper.book.list({}, nowMs).filter(({isConfigured}) => !isConfigured)
    return blocks.map(block => block.target).filter(blocked => isWithin(target, blocked))
  }
}

function isWithin(target: Target, blocked: BlockTarget): boolean {
  if (target.kind === 'user') return blocked.kind === 'user' && blocked.userId === target.userId
  if (target.kind === 'users') {
    return blocked.kind === 'user' && target.first <= blocked.userId && blocked.userId <= target.last
  }
  return blocked.kind !== 'user' && covers(target.range, blocked.range)
}

function checkWords({
  forMs,
  reason,
  actor,
  ...rest
}: {
  forMs?: number | undefined
  reason?: string | undefined
  actor?: string | undefined
  force?: boolean | undefined
}): {forMs: number | null; reason: string | null; actor: string; force?: boolean | undefined} {
  if (forMs !== undefined && !(Number.isSafeInteger(forMs) && forMs >= SHORTEST_MS && forMs <= LONGEST_MS)) {
    throw new GsError('usage', `not a time for this: ${visibleValue(forMs)} ms`, {hint: 'From 1s to 36500d.'})
  }
  for (const text of [reason, actor]) {
    if (text !== undefined && text.length > MAX_TEXT) {
      throw new GsError('usage', `reason and actor must have at most ${MAX_TEXT} characters`)
    }
  }
  return {forMs: forMs ?? null, reason: reason ?? null, actor: actor ?? DEFAULT_ACTOR, force: rest.force}
}

function toBlock({target, rule, reason, author, since, until}: PortableBlock, actor: string): Block {
  const [sinceMs, untilMs] = [Date.parse(since), until === null ? null : Date.parse(until)]
  if (Number.isNaN(sinceMs) || Number.isNaN(untilMs)) {
    throw new GsError('usage', `not a time: ${visibleValue(Number.isNaN(sinceMs) ? since : until)}`)
  }
  return {
    target: readBlockTarget(target),
    rule,
    reason,
    author: author ?? (rule === null ? actor : null),
    evidence: null,
    isConfigured: false,
    sinceMs,
    untilMs,
  }
}

function result(target: string, outcome: TargetResult['outcome'], message: string): TargetResult {
  return {target, outcome, message, durable: true, disconnected: 0}
}
