import type {GameDefinition} from '../contract/games.js'
import {GsError} from '../errors.js'

const NAME = /^[a-z][a-z0-9_-]{0,63}$/
const MIN_TIMER_MS = 10
const MAX_TIMER_MS = 3_600_000
const REQUIRED_FUNCTIONS = ['setup', 'onAction', 'outcome'] as const
const OPTIONAL_FUNCTIONS = ['onLeave', 'onTimer', 'view'] as const

/** The fields before anything is known about them. */
type Fields = {readonly [Field in keyof GameDefinition]?: unknown}

/**
 * Gives a game its types: the state is what `setup` returns, an action is unknown until the game has checked it. The
 * definition itself is checked when a server is given it.
 */
export function defineGame<State, Action = unknown>(
  definition: GameDefinition<State, Action>,
): GameDefinition<State, Action> {
  return definition
}

/**
 * Checks that `value` is a game. `origin` says where it comes from, such as a path or `games[2]`, and opens the message.
 *
 * @throws {GsError} game_invalid with the origin, the field and what is wrong with it.
 */
export function checkGame(value: unknown, origin: string): GameDefinition {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(origin, `a game is an object, not ${describe(value)}`)
  }
  const fields: Fields = value
  checkName(fields, origin)
  checkPlayers(fields, origin)
  checkFunctions(fields, origin)
  checkTimer(fields, origin)
  return value as GameDefinition
}

function checkName({name}: Fields, origin: string): void {
  if (typeof name === 'string' && NAME.test(name)) return
  throw invalid(
    origin,
    `name is ${describe(name)}; it must be 1 to 64 characters of a-z, 0-9, _ and -, starting with a letter`,
  )
}

function checkPlayers({minPlayers, maxPlayers}: Fields, origin: string): void {
  if (!Number.isSafeInteger(minPlayers) || Number(minPlayers) < 1) {
    throw invalid(origin, `minPlayers is ${describe(minPlayers)}; it must be an integer of at least 1`)
  }
  if (!Number.isSafeInteger(maxPlayers) || Number(maxPlayers) < Number(minPlayers)) {
    throw invalid(
      origin,
      `maxPlayers is ${describe(maxPlayers)}; it must be an integer of at least minPlayers (${minPlayers})`,
    )
  }
}

function checkFunctions(fields: Fields, origin: string): void {
  for (const field of REQUIRED_FUNCTIONS) {
    if (typeof fields[field] !== 'function') {
      throw invalid(origin, `${field} is ${describe(fields[field])}; it must be a function`)
    }
  }
  for (const field of OPTIONAL_FUNCTIONS) {
    if (fields[field] !== undefined && typeof fields[field] !== 'function') {
      throw invalid(origin, `${field} is ${describe(fields[field])}; it must be a function or left out`)
    }
  }
}

function checkTimer({onTimer, timerMs}: Fields, origin: string): void {
  if (onTimer === undefined && timerMs === undefined) return
  if (onTimer === undefined) throw invalid(origin, 'timerMs is given without onTimer; give both or neither')
  if (timerMs === undefined) throw invalid(origin, 'onTimer is given without timerMs; give both or neither')
  // `setInterval` would take anything, and turn what it does not understand into 1 ms.
  if (!Number.isSafeInteger(timerMs) || Number(timerMs) < MIN_TIMER_MS || Number(timerMs) > MAX_TIMER_MS) {
    throw invalid(
      origin,
      `timerMs is ${describe(timerMs)}; it must be an integer from ${MIN_TIMER_MS} to ${MAX_TIMER_MS}`,
    )
  }
}

function invalid(origin: string, reason: string): GsError {
  return new GsError('game_invalid', `${origin}: ${reason}`)
}

/** Short words for an offending value, whatever it is. */
function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
