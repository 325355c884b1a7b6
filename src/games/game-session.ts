import type {GameOutcomeKind} from '../contract/codes.js'
import type {GameDefinition} from '../contract/games.js'
import type {GamePhase, JsonValue} from '../contract/messages.js'
import type {SavedGame} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import {callGame, gameFailed} from './call-game.js'
import {type EncodedViews, encodeViews, maxViewBytes} from './encoded-views.js'
import {checkSavedGame} from './saved-game.js'

/** How a game ended. */
export interface GameResult {
  readonly outcome: GameOutcomeKind
  /** One of the players, or null. */
  readonly winner: number | null
}

/**
 * What became of a step. `changed`: there is a new state to send. `unchanged`: there is none. `refused`: nothing
 * happened. `failed`: the game is at fault, and ended. Whether a game ended is told by its `phase`, whatever the kind.
 */
export type GameStep =
  | {readonly kind: 'changed'}
  | {readonly kind: 'unchanged'}
  | {readonly kind: 'refused'; readonly error: GsError}
  | {readonly kind: 'failed'; readonly error: GsError}

/** Where a game's time and randomness come from. */
interface Surroundings {
  readonly nowMs: number
  /** In [0, 1). */
  readonly random: () => number
}

const CHANGED: GameStep = {kind: 'changed'}
const UNCHANGED: GameStep = {kind: 'unchanged'}

/**
 * One game in one room: its seats, its state and its end. It knows no sockets and no timers, and whatever the game's
 * functions do, no step throws. A state is checked and encoded before it is accepted, so every view can be sent.
 */
export class GameSession {
  readonly definition: GameDefinition
  /** User ids in seat order; those who gave up their seat stay in it. */
  readonly players: readonly number[]
  /** Wall time, in milliseconds since the epoch. */
  readonly startedAtMs: number
  readonly #departed: Set<number>
  // One entry for each player.
  readonly #seatsByUser: ReadonlyMap<number, number>
  readonly #maxViewBytes: number
  #state: unknown
  #views: EncodedViews
  #result: GameResult | undefined

  /**
   * Sets the game up for `players`, in seat order.
   *
   * @throws {GsError} bad_action when the game refuses, such as for its options; message_too_large when its first
   * state would not fit in a frame; game_failed for every other fault of the game.
   */
  static start({
    definition,
    players,
    options,
    random,
    nowMs,
  }: Surroundings & {
    definition: GameDefinition
    players: readonly number[]
    options?: JsonValue | undefined
  }): GameSession {
    const seats = Object.freeze([...players])
    const state = callGame(definition, 'setup', () => definition.setup({players: seats, options, random, nowMs}))
    return new GameSession({definition, players: seats, departed: [], state, startedAtMs: nowMs})
  }

  /**
   * Takes up a game where it was saved.
   *
   * @throws {GsError} game_failed when what was saved is no state of this game that could be shown and played on.
   */
  static restore({definition, saved}: {definition: GameDefinition; saved: SavedGame}): GameSession {
    checkSavedGame(definition, saved)
    const {players, departed = [], state, startedAtMs} = saved
    try {
      return new GameSession({definition, players: Object.freeze([...players]), departed, state, startedAtMs})
    } catch (error) {
      throw gameFailed(definition, 'the saved game cannot be taken up', error)
    }
  }

  private constructor({
    definition,
    players,
    departed,
    state,
    startedAtMs,
  }: {
    definition: GameDefinition
    players: readonly number[]
    departed: readonly number[]
    state: unknown
    startedAtMs: number
  }) {
    this.definition = definition
    this.players = players
    this.startedAtMs = startedAtMs
    this.#departed = new Set(departed)
    this.#seatsByUser = new Map(players.map((userId, seat) => [userId, seat]))
    this.#maxViewBytes = maxViewBytes(players)
    this.#views = this.#encode(state)
    this.#result = this.#resultOf(state)
    this.#state = state
    this.#endIfDeserted()
  }

  /** Players who gave up their seat. */
  get departed(): ReadonlySet<number> {
    return this.#departed
  }

  get phase(): GamePhase {
    return this.#result === undefined ? 'playing' : 'ended'
  }

  /** Undefined while the game runs. */
  get result(): GameResult | undefined {
    return this.#result
  }

  /** Players see something else than onlookers. */
  get hasOwnViews(): boolean {
    return this.definition.view !== undefined
  }

  /** Index in `players`; undefined for onlookers and for players who gave up their seat. */
  seatOf(userId: number): number | undefined {
    return this.#departed.has(userId) ? undefined : this.#seatsByUser.get(userId)
  }

  isSeated(userId: number): boolean {
    return this.seatOf(userId) !== undefined
  }

  /** The JSON text of what onlookers see; in a game without views, of what everyone sees. */
  sharedView(): string {
    return this.#views.shared
  }

  /** The JSON text of what `userId` sees: seated players of a game with views have their own. */
  viewFor(userId: number): string {
    return (this.isSeated(userId) ? this.#views.own.get(userId) : undefined) ?? this.#views.shared
  }

  /** A player moves. Refused for others, and as the game sees fit; also when the new state would not fit in a frame. */
  act({userId, action, nowMs, random}: Surroundings & {userId: number; action: JsonValue}): GameStep {
    const refusal = this.#refusalFor(userId)
    if (refusal !== undefined) return refusal
    return this.#advance('onAction', state => this.definition.onAction(state, {userId, action, nowMs, random}))
  }

  /**
   * A player gives up the seat for good. Once the seat is given up this cannot be undone: a game that refuses fails. The
   * game ends as `abandoned` if it has no `onLeave`, or goes on with nobody seated.
   */
  leave({userId, nowMs, random}: Surroundings & {userId: number}): GameStep {
    const refusal = this.#refusalFor(userId)
    if (refusal !== undefined) return refusal
    this.#departed.add(userId)
    if (this.definition.onLeave === undefined) {
      this.#result = {outcome: 'abandoned', winner: null}
      return UNCHANGED
    }
    const step = this.#advance('onLeave', state => this.definition.onLeave?.(state, {userId, nowMs, random}))
    this.#endIfDeserted()
    return step
  }

  /** The game's timer fires. */
  tick({nowMs, random}: Surroundings): GameStep {
    if (this.#result !== undefined) return this.#refuseEnded()
    if (this.definition.onTimer === undefined) return UNCHANGED
    return this.#advance('onTimer', state => this.definition.onTimer?.(state, {nowMs, random}))
  }

  /** Ends the game from outside. Refused when it has ended before, or the winner is not one of the players. */
  end({outcome, winner}: GameResult): GameStep {
    if (this.#result !== undefined) return this.#refuseEnded()
    if (winner !== null && !this.#seatsByUser.has(winner)) {
      return {kind: 'refused', error: new GsError('bad_action', `user ${winner} is not a player of this game`)}
    }
    this.#result = {outcome, winner}
    return UNCHANGED
  }

  /** What `restore` takes. Holds the state itself, which nobody may change. */
  saved(): SavedGame {
    return {
      game: this.definition.name,
      players: this.players,
      ...(this.#departed.size > 0 && {departed: [...this.#departed]}),
      // Checked before it was accepted.
      state: this.#state as JsonValue,
      startedAtMs: this.startedAtMs,
    }
  }

  #refusalFor(userId: number): GameStep | undefined {
    if (this.#result !== undefined) return this.#refuseEnded()
    if (this.isSeated(userId)) return undefined
    return {kind: 'refused', error: new GsError('not_allowed', `user ${userId} has no seat in this game`)}
  }

  #refuseEnded(): GameStep {
    return {kind: 'refused', error: new GsError('no_game', `the game ${this.definition.name} has ended`)}
  }

  /** Takes the next state from the game. The old one stays in force until everything about the new one is known to be fine. */
  #advance(name: 'onAction' | 'onLeave' | 'onTimer', next: (state: JsonValue) => unknown): GameStep {
    try {
      const state = callGame(this.definition, name, () => next(this.#state as JsonValue))
      if (state === this.#state) return UNCHANGED
      const views = this.#encode(state)
      this.#result = this.#resultOf(state)
      this.#state = state
      this.#views = views
      return CHANGED
    } catch (error) {
      const failure = GsError.is(error) ? error : gameFailed(this.definition, `${name} failed`, error)
      if (name === 'onAction' && failure.code !== 'game_failed') return {kind: 'refused', error: failure}
      return this.#fail(failure)
    }
  }

  #fail(failure: GsError): GameStep {
    this.#result = {outcome: 'failed', winner: null}
    if (failure.code === 'game_failed') return {kind: 'failed', error: failure}
    return {kind: 'failed', error: gameFailed(this.definition, failure.message, failure)}
  }

  #endIfDeserted(): void {
    if (this.#result === undefined && this.#departed.size === this.players.length) {
      this.#result = {outcome: 'abandoned', winner: null}
    }
  }

  #encode(state: unknown): EncodedViews {
    const seated = this.players.filter(userId => this.isSeated(userId))
    return encodeViews({definition: this.definition, state, seated, maxBytes: this.#maxViewBytes})
  }

  #resultOf(state: unknown): GameResult | undefined {
    const outcome: unknown = callGame(this.definition, 'outcome', () => this.definition.outcome(state as JsonValue))
    if (outcome === undefined) return undefined
    const winner = winnerOf(outcome)
    if (winner === null || (typeof winner === 'number' && this.#seatsByUser.has(winner))) {
      return {outcome: 'finished', winner}
    }
    throw gameFailed(this.definition, 'outcome must return undefined, or {winner} with one of the players or null')
  }
}

/** Undefined for anything that is no outcome. */
function winnerOf(outcome: unknown): unknown {
  return typeof outcome === 'object' && outcome !== null ? (outcome as {winner?: unknown}).winner : undefined
}
