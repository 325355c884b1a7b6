import type {JsonValue} from './messages.js'

/** What every function of a game is told besides its state. */
export interface GameContext {
  /** A random number in [0, 1), from the server's source: the only randomness a game should use. */
  random(): number
  /** Wall time, in milliseconds since the epoch. */
  readonly nowMs: number
}

export interface GameSetup extends GameContext {
  /** User ids in seat order, `minPlayers` to `maxPlayers` of them. */
  readonly players: readonly number[]
  /** What the starter passed along: any JSON, so check it. Undefined when nothing was. */
  readonly options: JsonValue | undefined
}

export interface GameMove<Action> extends GameContext {
  /** A seated player. */
  readonly userId: number
  /** What the player sent: any JSON of any shape, so check it. */
  readonly action: Action
}

export interface GameLeave extends GameContext {
  /** The player who gave up the seat. */
  readonly userId: number
}

export interface GameOutcome {
  /** The winner, or null for a draw. */
  readonly winner: number | null
}

/**
 * The rules of a game, as an object of pure functions. State is plain JSON data and is never changed in place: each
 * function returns the next state. To turn a move down, throw `refuse(reason)`; any other throw ends the game with
 * `game_failed`.
 */
export interface GameDefinition<State = JsonValue, Action = JsonValue> {
  /** 1 to 64 characters of a-z, 0-9, `_` and `-`, starting with a letter: what `game_start` names. */
  readonly name: string
  /** At least 1. */
  readonly minPlayers: number
  /** At least `minPlayers`. Members beyond it watch. */
  readonly maxPlayers: number
  setup(context: GameSetup): State
  onAction(state: State, move: GameMove<Action>): State
  /** A seat was given up. Without this function the game then ends as `abandoned`. */
  onLeave?(state: State, leave: GameLeave): State
  /** Called every `timerMs` while the game runs. Return the same state object to send nothing. */
  onTimer?(state: State, context: GameContext): State
  /** Interval of `onTimer`, 10 to 3 600 000 ms. */
  readonly timerMs?: number
  /** Undefined while the game runs. */
  outcome(state: State): GameOutcome | undefined
  /** What one player may see (`userId`), or every onlooker (null). Without it all see the state itself. */
  view?(state: State, userId: number | null): unknown
}
