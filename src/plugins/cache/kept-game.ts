import type {JsonValue} from '../../contract/messages.js'
import type {SavedGame} from '../../contract/plugins.js'

const GAME_PREFIX = 'game_state:'
const USER_PREFIX = 'user_game:'

/** What is known of a game that is kept, without its state. */
export interface KeptGame {
  readonly roomId: number
  readonly game: string
  /** Those who have not given up their seats: user and seat. */
  readonly seats: readonly (readonly [userId: number, seat: number])[]
  /** Wall time at which its room was closed; null while that is open. */
  readonly closedAtMs: number | null
}

export function gameKey(roomId: number): string {
  return `${GAME_PREFIX}${roomId}`
}

export function userKey(userId: number): string {
  return `${USER_PREFIX}${userId}`
}

/** The keys that games take for themselves. */
export function isGameKey(key: string): boolean {
  return key.startsWith(GAME_PREFIX) || key.startsWith(USER_PREFIX)
}

/** The room of a game's key; undefined for every other key. */
export function roomOfKey(key: string): number | undefined {
  return idAfter(GAME_PREFIX, key)
}

/** The user of a key with seats; undefined for every other key. */
export function userOfKey(key: string): number | undefined {
  return idAfter(USER_PREFIX, key)
}

function idAfter(prefix: string, key: string): number | undefined {
  const id = key.startsWith(prefix) ? Number(key.slice(prefix.length)) : Number.NaN
  return Number.isInteger(id) ? id : undefined
}

export function describeGame(roomId: number, {game, players, departed = []}: SavedGame): KeptGame {
  const seats = players.map((userId, seat) => [userId, seat] as const).filter(([userId]) => !departed.includes(userId))
  return {roomId, game, seats, closedAtMs: null}
}

/** True when the same people play the same game. */
export function haveSameSeats(one: KeptGame | undefined, other: KeptGame): boolean {
  if (one?.game !== other.game || one.seats.length !== other.seats.length) return false
  return one.seats.every(
    ([userId, seat], index) => userId === other.seats[index]?.[0] && seat === other.seats[index][1],
  )
}

/** Undefined for what is no saved game: it may come from a file that somebody changed. What its state means, the game judges. */
export function toSavedGame(value: JsonValue | undefined): SavedGame | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const {game, players, state, startedAtMs} = value
  const isGame = typeof game === 'string' && Array.isArray(players) && typeof startedAtMs === 'number'
  return isGame && state !== undefined ? (value as unknown as SavedGame) : undefined
}
