import type {CacheEvents} from '../../contract/cache.js'
import type {Clock} from '../../contract/clock.js'
import type {Logger} from '../../contract/logger.js'
import type {HeldSeat, JsonValue} from '../../contract/messages.js'
import type {SavedGame} from '../../contract/plugins.js'
import type {RoomDirectory} from '../../contract/views.js'
import {measureJson} from './freeze-json.js'
import {GameIndex} from './game-index.js'
import type {GameTable} from './game-table.js'
import type {GameWriter} from './game-writer.js'
import {
  describeGame,
  gameKey,
  haveSameSeats,
  type KeptGame,
  roomOfKey,
  toSavedGame,
  userKey,
  userOfKey,
} from './kept-game.js'
import type {TieredCache} from './tiered-cache.js'

/** Games that are kept at one time; the one closed first gives way. */
const MAX_GAMES = 100_000

export interface GameKeeperOptions {
  readonly cache: TieredCache
  readonly rooms: RoomDirectory
  readonly clock: Clock
  readonly log: Logger
  /** May change. */
  readonly settings: {readonly gameTtlMs: number}
  /** Null: games are kept in the cache alone. */
  readonly saving: {readonly table: GameTable; readonly writer: GameWriter} | null
}

/**
 * Keeps the state of each game that is played, so that it can be taken up after its room was closed or the server ended:
 * in the cache under `game_state:<roomId>`, and, where data is kept, in the store. Who sits in which game stands under
 * `user_game:<userId>`. While a room is open its game does not expire.
 */
export class GameKeeper {
  readonly #options: GameKeeperOptions
  readonly #index = new GameIndex()
  /** The last state of games in open rooms; bounded by their number. */
  readonly #open = new Map<number, SavedGame>()

  constructor(options: GameKeeperOptions) {
    this.#options = options
    const {cache, saving} = options
    if (saving === null) cache.listeners.add('evict', event => this.#noteEviction(event))
  }

  /** Games that are kept. */
  get count(): number {
    return this.#index.size
  }

  /** Reads which games there are. Those of rooms that are open by now are somebody else's, and go. */
  async load(): Promise<void> {
    const {saving, clock, rooms} = this.#options
    for (const game of (await saving?.table.load(MAX_GAMES, clock.nowMs())) ?? []) {
      if (rooms.get(game.roomId) === undefined) this.#index.put(game)
      else saving?.writer.removed(game.roomId)
    }
  }

  /** A game in an open room has a new state. */
  changed(roomId: number, saved: SavedGame): void {
    const game = describeGame(roomId, saved)
    const before = this.#index.get(roomId)
    this.#open.set(roomId, saved)
    this.#putState(game, saved)
    this.#options.saving?.writer.changed(game, saved)
    if (before?.closedAtMs === null && haveSameSeats(before, game)) return
    this.#index.put(game)
    this.#putSeats([...(before?.seats ?? []), ...game.seats])
    this.#dropOldest()
  }

  /** It is over. */
  ended(roomId: number): void {
    this.#open.delete(roomId)
    this.#forget(roomId)
  }

  /** The room closes, and the game has not ended: it can be taken up later. */
  roomClosed(roomId: number): void {
    const saved = this.#open.get(roomId)
    const game = this.#index.get(roomId)
    if (saved === undefined || game === undefined) return
    this.#open.delete(roomId)
    this.#move(game, this.#options.clock.nowMs(), saved)
  }

  /** A game was taken up in a room that was opened. */
  restored(roomId: number): void {
    const game = this.#index.get(roomId)
    const saved = toSavedGame(this.#options.cache.peek(gameKey(roomId))?.value)
    if (game === undefined || saved === undefined) return
    this.#open.set(roomId, saved)
    this.#move(game, null, saved)
  }

  /** The game to take up when a room is opened. A promise only when it has to be read from the store. */
  restore(roomId: number): SavedGame | undefined | Promise<SavedGame | undefined> {
    const game = this.#index.get(roomId)
    if (game === undefined) return undefined
    if (this.#isExpired(game)) {
      this.#forget(roomId)
      return undefined
    }
    const {cache, saving} = this.#options
    const found = toSavedGame(cache.get(gameKey(roomId))) ?? saving?.writer.unwritten(roomId)
    // A copy, as after a restart: what a game does to its state must not depend on where that comes from.
    if (found !== undefined) return JSON.parse(JSON.stringify(found))
    if (saving === null) return this.#lose(roomId, undefined)
    return saving.table.read(roomId).then(
      value => this.#takeRead(game, value),
      error => {
        if (!(error instanceof SyntaxError)) throw error
        return this.#lose(roomId, error)
      },
    )
  }

  /** Seats in games of rooms that are closed. */
  seatsOf(userId: number): HeldSeat[] {
    const {rooms, cache} = this.#options
    const seats = this.#index.seatsOf(userId)
    if (seats.length === 0) return seats
    if (cache.peek(userKey(userId)) === undefined) this.#putSeatsOf(userId)
    return seats.filter(({roomId}) => {
      return rooms.get(roomId) === undefined && !this.#isExpired(this.#index.get(roomId) as KeptGame)
    })
  }

  /** What is kept under a key although the cache does not have it; what cannot be read is as good as nothing. */
  async read(key: string): Promise<JsonValue | undefined> {
    const userId = userOfKey(key)
    if (userId !== undefined) {
      const seats = this.#index.seatsOf(userId)
      return seats.length === 0 ? undefined : seats.map(seat => ({...seat}))
    }
    const roomId = roomOfKey(key)
    const game = roomId === undefined ? undefined : this.#index.get(roomId)
    if (game === undefined || this.#isExpired(game)) return undefined
    try {
      return await this.#options.saving?.table.read(game.roomId)
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }

  /** Forgets the games that are not played in which the user has a seat. */
  async forgetUser(userId: number): Promise<number> {
    const games = this.#index.gamesOf(userId).filter(({roomId}) => !this.#open.has(roomId))
    for (const {roomId} of games) this.#forget(roomId)
    await this.#options.saving?.writer.flush()
    return games.length
  }

  /** Somebody deleted an entry: if it is a game that is not played, it is forgotten. */
  deleted(key: string): boolean {
    const roomId = roomOfKey(key)
    if (roomId === undefined || this.#open.has(roomId) || this.#index.get(roomId) === undefined) return false
    this.#forget(roomId)
    return true
  }

  /** Forgets the games that are not played and whose keys match; returns how many. */
  deleteWhere(matches: (key: string) => boolean): number {
    const keys = [...this.#index.values()].map(({roomId}) => gameKey(roomId)).filter(matches)
    return keys.filter(key => this.deleted(key)).length
  }

  /** Forgets what is too old, and notes in the store that the server is alive. */
  sweep(): void {
    for (const game of [...this.#index.values()]) if (this.#isExpired(game)) this.#forget(game.roomId)
    void this.#options.saving?.writer.flush()
  }

  /** The server stops, or goes on without the cache: rooms with people in them play on, and what is kept grows old. */
  async close(): Promise<void> {
    const {rooms, saving} = this.#options
    for (const roomId of [...this.#open.keys()]) {
      if ((rooms.get(roomId)?.userCount ?? 0) > 0) this.ended(roomId)
      else this.roomClosed(roomId)
    }
    await saving?.writer.flush()
  }

  #isExpired({closedAtMs}: KeptGame): boolean {
    const {clock, settings} = this.#options
    return closedAtMs !== null && clock.nowMs() - closedAtMs >= settings.gameTtlMs
  }

  /** Time does not run while the room is open. */
  #move(game: KeptGame, closedAtMs: number | null, saved: SavedGame): void {
    const moved = {...game, closedAtMs}
    this.#index.put(moved)
    const {cache, saving} = this.#options
    const expiresAtMs = cache.nowMs() + this.#ttlMs(moved)
    if (!cache.expireAt(gameKey(game.roomId), expiresAtMs)) this.#putState(moved, saved)
    saving?.writer.closed(moved)
    this.#putSeats(game.seats)
  }

  #ttlMs({closedAtMs}: KeptGame): number {
    const {clock, settings} = this.#options
    return closedAtMs === null ? Number.POSITIVE_INFINITY : closedAtMs + settings.gameTtlMs - clock.nowMs()
  }

  #takeRead(game: KeptGame, value: JsonValue | undefined): SavedGame | undefined {
    const {roomId} = game
    // Meanwhile it may have been forgotten.
    if (this.#index.get(roomId) !== game) return undefined
    const saved = toSavedGame(value)
    if (saved === undefined) return this.#lose(roomId, undefined)
    this.#putState(game, saved)
    return saved
  }

  #putState(game: KeptGame, saved: SavedGame): void {
    const value = saved as unknown as JsonValue
    const writing = {ttlMs: this.#ttlMs(game), isKept: true, rawBytes: measureJson(value)}
    this.#options.cache.set(gameKey(game.roomId), value, writing)
  }

  #putSeats(seats: KeptGame['seats']): void {
    for (const userId of new Set(seats.map(([player]) => player))) this.#putSeatsOf(userId)
  }

  #putSeatsOf(userId: number): void {
    const {cache} = this.#options
    const games = this.#index.gamesOf(userId)
    if (games.length === 0) {
      cache.delete(userKey(userId))
      return
    }
    const value = Object.freeze(this.#index.seatsOf(userId).map(seat => Object.freeze({...seat})))
    const ttlMs = Math.max(...games.map(game => this.#ttlMs(game)))
    const rawBytes = measureJson(value)
    cache.set(userKey(userId), value as unknown as JsonValue, {ttlMs, isKept: true, rawBytes})
  }

  #forget(roomId: number): void {
    const game = this.#index.remove(roomId)
    if (game === undefined) return
    const {cache, saving} = this.#options
    cache.delete(gameKey(roomId))
    saving?.writer.removed(roomId)
    this.#putSeats(game.seats)
  }

  /** It should be there and is not, or cannot be read. */
  #lose(roomId: number, error: unknown): undefined {
    const {cache, log} = this.#options
    cache.counters.gamesLost += 1
    log.warn({roomId, ...(error !== undefined && {err: error})}, 'a game that was kept is lost')
    this.#forget(roomId)
    return undefined
  }

  /** Without a store an evicted game is gone, unless it is played and its next change brings it back. */
  #noteEviction({key, cause}: CacheEvents['evict']): void {
    const roomId = roomOfKey(key)
    if (roomId === undefined || this.#open.has(roomId) || this.#index.get(roomId) === undefined) return
    if (cause === 'expired' || cause === 'deleted') this.#forget(roomId)
    else this.#lose(roomId, undefined)
  }

  #dropOldest(): void {
    if (this.#index.size <= MAX_GAMES) return
    for (const {roomId} of this.#index.values()) {
      if (this.#open.has(roomId)) continue
      this.#lose(roomId, undefined)
      return
    }
  }
}
