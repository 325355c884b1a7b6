import {types} from 'node:util'
import type {GameDefinition} from '../contract/games.js'
import {GsError} from '../errors.js'

export type GameFunction = 'setup' | 'onAction' | 'onLeave' | 'onTimer' | 'outcome' | 'view'

/** A refusal may quote what a client sent; this much of it goes back. */
const MAX_REASON_CHARACTERS = 1000

/**
 * Calls one function of a game and contains what it does wrong.
 *
 * @throws {GsError} bad_action when the game refuses, in the functions that may; game_failed with the cause when it
 * throws anything else or returns a promise.
 */
export function callGame<Result>(game: GameDefinition, name: GameFunction, call: () => Result): Result {
  let result: Result
  try {
    result = call()
  } catch (error) {
    if (mayRefuse(name) && GsError.is(error) && error.code === 'bad_action') throw shortened(error)
    throw gameFailed(game, `${name} threw`, error)
  }
  if (types.isPromise(result)) {
    // It is refused, so nobody else waits for it, and its rejection would end the process.
    result.catch(() => {})
    throw gameFailed(game, `${name} returned a promise; the functions of a game are synchronous`)
  }
  return result
}

/** A fault of the game itself. `what` is for players' eyes, too; what was thrown stays in the cause. */
export function gameFailed(game: GameDefinition, what: string, cause?: unknown): GsError {
  return new GsError('game_failed', `the game ${game.name} failed: ${what}`, cause === undefined ? {} : {cause})
}

/** A leave and a timer cannot be turned down, and to look at a state is no move. */
function mayRefuse(name: GameFunction): boolean {
  return name === 'setup' || name === 'onAction'
}

function shortened(refusal: GsError): GsError {
  if (refusal.message.length <= MAX_REASON_CHARACTERS) return refusal
  return new GsError('bad_action', `${refusal.message.slice(0, MAX_REASON_CHARACTERS)}…`, {cause: refusal})
}
