import type {Clock} from '../../contract/clock.js'
import type {Logger} from '../../contract/logger.js'
import type {BlockEvidence, BlockView} from '../../contract/security.js'
import type {Statement, Store} from '../../contract/store.js'
import {AllowList} from './allow-list.js'
import {type Block, toView} from './block.js'
import {BlockBook} from './block-book.js'
import {Ladder} from './ladder.js'
import {SafeWriter} from './safe-writer.js'
import {
  type Allowance,
  deleteAllowance,
  deleteBlock,
  deleteEnded,
  deleteSteps,
  keyOf,
  migrateSecurity,
  readAllowances,
  readBlocks,
  readLadder,
  saveAllowance,
  saveBlock,
  saveSeen,
  saveStep,
} from './security-tables.js'
import {type BlockTarget, parseTargetText, type Target} from './target.js'

export const RECORD_MS = 90 * 86_400_000

/** Blocks, ladder and allow-list: in force at once, and on the disk before anybody is told so. */
export class BlockKeeper {
  readonly book: BlockBook
  readonly ladder: Ladder
  readonly allowList: AllowList
  readonly writer: SafeWriter
  readonly #store: Store
  readonly #clock: Clock

  /** @throws {GsError} as `Store.migrate` and `Store.query`. */
  static async open({store, clock, log}: {store: Store; clock: Clock; log: Logger}): Promise<BlockKeeper> {
    await migrateSecurity(store)
    const nowMs = clock.nowMs()
    const [blocks, ladder, allowances] = await Promise.all([
      readBlocks(store, nowMs),
      readLadder(store, Ladder.memorySinceMs(nowMs)),
      readAllowances(store, nowMs),
    ])
    return new BlockKeeper({
      book: new BlockBook(blocks),
      ladder: new Ladder(ladder),
      allowList: new AllowList(allowances),
      store,
      clock,
      log,
    })
  }

  private constructor(
    options: Pick<BlockKeeper, 'book' | 'ladder' | 'allowList'> & {store: Store; clock: Clock; log: Logger},
  ) {
    const {store, clock, log} = options
    this.book = options.book
    this.ladder = options.ladder
    this.allowList = options.allowList
    this.#store = store
    this.#clock = clock
    this.writer = new SafeWriter({store, clock, log, describe: key => this.#describe(key)})
  }

  /** Blocks by a rule: longer each time. It is in force when this returns. */
  blockByRule(
    target: BlockTarget,
    {rule, evidence, ...duration}: {rule: string; evidence: BlockEvidence; firstMs: number; mostMs: number},
  ): Block {
    const sinceMs = this.#clock.nowMs()
    const key = keyOf(target)
    const untilMs = sinceMs + this.ladder.durationMs(key, sinceMs, duration)
    const block = {target, rule, reason: null, author: null, evidence, isConfigured: false, sinceMs, untilMs}
    if (this.book.isFull) return block
    this.ladder.add(key, sinceMs)
    this.book.put(block)
    void this.writer.write([blockKey(target)], [saveBlock(block), saveStep(target, sinceMs)])
    return block
  }

  /** True when it is on the disk; it is in force before. */
  put(blocks: readonly Block[], notes: readonly Statement[]): Promise<boolean> {
    for (const block of blocks) this.book.put(block)
    const keys = blocks.map(({target}) => blockKey(target))
    // Whom an operator has blocked is known from then on.
    const userIds = blocks.flatMap(({target}) => (target.kind === 'user' ? target.userId : []))
    const seen = userIds.length === 0 ? [] : [saveSeen(userIds, this.#clock.nowMs())]
    return this.writer.write(keys, [...blocks.map(saveBlock), ...seen], notes)
  }

  /** Lifts blocks and forgets the ladder. */
  remove(targets: readonly BlockTarget[], notes: readonly Statement[]): Promise<boolean> {
    for (const target of targets) {
      this.book.remove(target)
      this.ladder.clear(keyOf(target))
    }
    const statements = targets.flatMap(target => [deleteBlock(target), deleteSteps(target)])
    return this.writer.write(targets.map(blockKey), statements, notes)
  }

  allow(entry: Allowance, lifted: readonly BlockTarget[], notes: readonly Statement[]): Promise<boolean> {
    this.allowList.put(entry)
    for (const target of lifted) {
      this.book.remove(target)
      this.ladder.clear(keyOf(target))
    }
    const statements = lifted.flatMap(target => [deleteBlock(target), deleteSteps(target)])
    const keys = [allowKey(entry.target), ...lifted.map(blockKey)]
    return this.writer.write(keys, [saveAllowance(entry), ...statements], notes)
  }

  disallow(target: Target, notes: readonly Statement[]): Promise<boolean> {
    this.allowList.remove(target)
    return this.writer.write([allowKey(target)], [deleteAllowance(target)], notes)
  }

  view(block: Block): BlockView {
    const isDurable = this.writer.unsaved === 0 || block.isConfigured || this.writer.isSaved(blockKey(block.target))
    return toView(block, isDurable)
  }

  /** Takes out what has ended, here and in the store. */
  sweep(): void {
    const nowMs = this.#clock.nowMs()
    this.book.sweep(nowMs)
    this.ladder.sweep(nowMs)
    this.allowList.sweep(nowMs)
    void this.#store.append(deleteEnded(nowMs, Ladder.memorySinceMs(nowMs), nowMs - RECORD_MS))
  }

  /** What the store should have of one thing, whatever it has. */
  #describe(key: string): Statement[] {
    const [what, kind, text] = key.split(' ') as ['block' | 'allow', Target['kind'], string]
    const target = parseTargetText(kind, text)
    const nowMs = this.#clock.nowMs()
    if (what === 'allow') {
      const entry = this.allowList.getByKey(keyOf(target))
      return entry === undefined ? [deleteAllowance(target)] : [saveAllowance(entry)]
    }
    const blockTarget = target as BlockTarget
    const block = this.book.get(blockTarget, nowMs)
    const steps = this.ladder.steps(keyOf(target), nowMs).map(atMs => saveStep(blockTarget, atMs))
    return [block === undefined ? deleteBlock(blockTarget) : saveBlock(block), deleteSteps(blockTarget), ...steps]
  }
}

function blockKey(target: BlockTarget): string {
  return `block ${keyOf(target)}`
}

function allowKey(target: Target): string {
  return `allow ${keyOf(target)}`
}
