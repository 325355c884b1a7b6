import type {BlockFilter} from '../../contract/security.js'
import {type AddressNumber, type AddressRange, covers, parseRange} from '../../util/address-range.js'
import {type Block, isInForce} from './block.js'
import {RangeIndex} from './range-index.js'
import {type BlockTarget, rangeTarget} from './target.js'

/** Most blocks at one time, so that a flood of ids ends somewhere. Blocks never make room for others. */
const MAX_BLOCKS = 1_000_000

/**
 * The blocks, in memory. They are apart from what is tracked of users and addresses, so that nobody can push a block out.
 * Whether one has ended is decided by wall time when it is asked for.
 */
export class BlockBook {
  readonly #users = new Map<number, Block>()
  readonly #ranges = new RangeIndex<Block>()
  #configured = new RangeIndex<Block>()
  /** Before this time none of them ends, so that they can be counted without a look at each. */
  #earliestEndMs = Number.POSITIVE_INFINITY

  constructor(blocks: Iterable<Block>) {
    for (const block of blocks) this.put(block)
  }

  get isFull(): boolean {
    return this.#users.size + this.#ranges.size >= MAX_BLOCKS
  }

  configure(blockedIps: readonly string[]): void {
    this.#configured = new RangeIndex()
    for (const text of blockedIps) {
      const range = parseRange(text)
      if (range !== null) this.#configured.set(range, configuredBlock(range))
    }
  }

  put(block: Block): void {
    const {target} = block
    if (target.kind === 'user') this.#users.set(target.userId, block)
    else this.#ranges.set(target.range, block)
    this.#earliestEndMs = Math.min(this.#earliestEndMs, block.untilMs ?? Number.POSITIVE_INFINITY)
  }

  remove(target: BlockTarget): boolean {
    return target.kind === 'user' ? this.#users.delete(target.userId) : this.#ranges.delete(target.range)
  }

  /** The block of just this target, made while running. */
  get(target: BlockTarget, nowMs: number): Block | undefined {
    const block = target.kind === 'user' ? this.#users.get(target.userId) : this.#ranges.get(target.range)
    return block !== undefined && isInForce(block, nowMs) ? block : undefined
  }

  /** Every block that covers a target, narrowest first, those of the configuration included. */
  covering(target: BlockTarget, nowMs: number): Block[] {
    if (target.kind === 'user') return [this.get(target, nowMs)].filter(block => block !== undefined)
    const blocks = [...this.#ranges.around(target.range), ...this.#configured.around(target.range)]
    return blocks.filter(block => isInForce(block, nowMs)).sort((one, other) => prefixBitsOf(other) - prefixBitsOf(one))
  }

  ofUser(userId: number, nowMs: number): Block | undefined {
    const block = this.#users.get(userId)
    return block !== undefined && isInForce(block, nowMs) ? block : undefined
  }

  /** The narrowest block around an address that `isHeld`. */
  ofAddress(address: AddressNumber, nowMs: number, isHeld: (block: Block) => boolean): Block | undefined {
    const isWanted = (block: Block) => isInForce(block, nowMs) && isHeld(block)
    return this.#ranges.find(address, isWanted) ?? this.#configured.find(address, isWanted)
  }

  /** In force, newest first. */
  list(filter: BlockFilter, nowMs: number): Block[] {
    const isWanted = matcherOf(filter)
    const blocks: Block[] = []
    for (const source of [this.#users.values(), this.#ranges.values(), this.#configured.values()]) {
      for (const block of source) if (isInForce(block, nowMs) && isWanted(block)) blocks.push(block)
    }
    // Each source is nearly in order, oldest first, and turned around there is next to nothing left to sort.
    return blocks.reverse().sort((one, other) => other.sinceMs - one.sinceMs)
  }

  /** How many are in force: of users, and of addresses and ranges. */
  counts(nowMs: number): {readonly users: number; readonly addresses: number} {
    if (nowMs >= this.#earliestEndMs) this.sweep(nowMs)
    return {users: this.#users.size, addresses: this.#ranges.size + this.#configured.size}
  }

  /** Takes out what has ended. */
  sweep(nowMs: number): void {
    this.#earliestEndMs = Number.POSITIVE_INFINITY
    for (const block of [...this.#users.values(), ...this.#ranges.values()]) {
      if (!isInForce(block, nowMs)) this.remove(block.target)
      else this.#earliestEndMs = Math.min(this.#earliestEndMs, block.untilMs ?? Number.POSITIVE_INFINITY)
    }
  }
}

function configuredBlock(range: AddressRange): Block {
  const target = rangeTarget(range)
  return {
    target,
    rule: null,
    reason: 'security.blockedIps',
    author: null,
    evidence: null,
    isConfigured: true,
    sinceMs: 0,
    untilMs: null,
  }
}

function prefixBitsOf({target}: Block): number {
  return target.kind === 'user' ? 0 : target.range.prefixBits
}

/** An address or range of a filter was checked by whoever took it in; one that is none matches nothing. */
function matcherOf({user, ip, cidr, rule, since}: BlockFilter): (block: Block) => boolean {
  const around = ip === undefined ? null : parseRange(ip)
  const within = cidr === undefined ? null : parseRange(cidr)
  return ({target, rule: by, sinceMs}) => {
    if (user !== undefined && (target.kind !== 'user' || target.userId !== user)) return false
    if (ip !== undefined && (target.kind === 'user' || around === null || !covers(target.range, around))) return false
    if (cidr !== undefined && (target.kind === 'user' || within === null || !covers(within, target.range))) return false
    return (rule === undefined || by === rule) && (since === undefined || sinceMs >= since)
  }
}
