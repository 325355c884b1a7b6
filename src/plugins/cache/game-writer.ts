import type {Logger} from '../../contract/logger.js'
import type {SavedGame} from '../../contract/plugins.js'
import type {GameBatch, GameTable} from './game-table.js'
import type {KeptGame} from './kept-game.js'
import {Slices, type SliceTools} from './slices.js'

/** How long changes are gathered; with encoding and writing, what is on the disk is less than a second old. */
const GATHER_MS = 200
const RETRY_MS = 1000

type Change =
  | {readonly kind: 'changed'; readonly game: KeptGame; readonly saved: SavedGame}
  | {readonly kind: 'closed'; readonly closedAtMs: number | null}
  | {readonly kind: 'removed'}

export interface GameWriterOptions {
  readonly table: GameTable
  readonly tools: SliceTools
  readonly after: (delayMs: number, task: () => void) => void
  readonly log: Logger
  readonly nowMs: () => number
  /** How long closed games are kept; may change. */
  readonly settings: {readonly gameTtlMs: number}
}

/** Brings what became of games into the table, the last state of each, a little later. */
export class GameWriter {
  readonly #options: GameWriterOptions
  /** The last change of each room since the last write; bounded by the games that are kept. */
  #waiting = new Map<number, Change>()
  /** What is being written. */
  #underWay: ReadonlyMap<number, Change> = new Map()
  #writing: Promise<void> | null = null
  #isScheduled = false
  #isFailing = false

  constructor(options: GameWriterOptions) {
    this.#options = options
  }

  changed(game: KeptGame, saved: SavedGame): void {
    this.#note(game.roomId, {kind: 'changed', game, saved})
  }

  /** `closedAtMs`: null when its room is open again. */
  closed(game: KeptGame): void {
    const {roomId, closedAtMs} = game
    const change = this.#waiting.get(roomId)
    if (change?.kind === 'changed') this.#note(roomId, {...change, game})
    else this.#note(roomId, {kind: 'closed', closedAtMs})
  }

  removed(roomId: number): void {
    this.#note(roomId, {kind: 'removed'})
  }

  /** What is newer than the table. */
  unwritten(roomId: number): SavedGame | undefined {
    const [waiting, underWay] = [this.#waiting.get(roomId), this.#underWay.get(roomId)]
    if (waiting?.kind === 'changed') return waiting.saved
    return waiting?.kind !== 'removed' && underWay?.kind === 'changed' ? underWay.saved : undefined
  }

  /** Writes now: also that the server is alive, and that what is too old goes. */
  async flush(): Promise<void> {
    await this.#writing
    await this.#write()
  }

  #note(roomId: number, change: Change): void {
    this.#waiting.set(roomId, change)
    this.#schedule(GATHER_MS)
  }

  #schedule(delayMs: number): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#options.after(delayMs, () => {
      this.#isScheduled = false
      // One that is under way comes back here for the rest.
      if (this.#writing === null) void this.#write()
    })
  }

  #write(): Promise<void> {
    this.#writing = this.#writeOnce().finally(() => {
      this.#writing = null
      if (this.#waiting.size > 0) this.#schedule(this.#isFailing ? RETRY_MS : GATHER_MS)
    })
    return this.#writing
  }

  async #writeOnce(): Promise<void> {
    const changes = this.#waiting
    this.#underWay = changes
    this.#waiting = new Map()
    try {
      await this.#options.table.write(await this.#encode(changes))
      if (this.#isFailing) this.#options.log.info({}, 'games are saved again')
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing) this.#options.log.error({err: error}, 'games could not be saved; they are tried again')
      this.#isFailing = true
      for (const [roomId, change] of changes) this.#putBack(roomId, change)
    } finally {
      this.#underWay = new Map()
    }
  }

  #putBack(roomId: number, change: Change): void {
    const newer = this.#waiting.get(roomId)
    if (newer === undefined) this.#waiting.set(roomId, change)
    else if (newer.kind === 'closed' && change.kind === 'changed') {
      this.#waiting.set(roomId, {...change, game: {...change.game, closedAtMs: newer.closedAtMs}})
    }
  }

  #encode(changes: ReadonlyMap<number, Change>): Promise<GameBatch> {
    const {tools, nowMs, settings} = this.#options
    const now = nowMs()
    const changed: {game: KeptGame; savedJson: string}[] = []
    const closed: {roomId: number; closedAtMs: number | null}[] = []
    const removed: number[] = []
    const rest = changes.entries()
    const {promise, resolve} = Promise.withResolvers<GameBatch>()
    const step = () => {
      const {value, done} = rest.next()
      if (done) return false
      const [roomId, change] = value
      if (change.kind === 'removed') removed.push(roomId)
      else if (change.kind === 'closed') closed.push({roomId, closedAtMs: change.closedAtMs})
      else changed.push({game: change.game, savedJson: JSON.stringify(change.saved)})
      return true
    }
    const finish = () => resolve({changed, closed, removed, expiredBeforeMs: now - settings.gameTtlMs, nowMs: now})
    new Slices(tools, step, finish).schedule()
    return promise
  }
}
