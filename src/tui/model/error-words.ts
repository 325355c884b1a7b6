import type {WireErrorCode} from '../../contract/codes.js'

/** What of an `error` frame, or of an error like it, matters to people. */
export interface WireFailure {
  readonly code: string
  readonly message: string
  readonly rule?: string | undefined
  readonly retryAfterMs?: number | undefined
  readonly suppressed?: number | undefined
}

/** What to do about each; where the server's own words say it all, nothing. */
const hints: Partial<Record<WireErrorCode, string>> = {
  not_in_room: 'Enter it with /join.',
  room_full: 'Look for another with /rooms.',
  limit_reached: 'Leave a room first with /leave.',
  message_too_large: 'Make it shorter.',
  game_in_progress: 'Wait until it is over.',
  no_game: 'Start one: /start tictactoe.',
  not_enough_players: 'Somebody else has to join the room first.',
  not_allowed: 'Only members, and in a game only its players, may do that.',
  plugin_failed: 'Try again; if it stays, tell the operator.',
  server_busy: 'Try again in a moment.',
}

/** One line: the server's words, how long to wait, and what to do. */
export function errorWords({code, message, rule, retryAfterMs, suppressed}: WireFailure): string {
  const parts = [asSentence(message || code.replaceAll('_', ' '))]
  if (retryAfterMs !== undefined && retryAfterMs > 0) parts.push(`Wait ${waitWords(retryAfterMs)}.`)
  const hint = Object.hasOwn(hints, code) ? hints[code as WireErrorCode] : undefined
  if (hint) parts.push(hint)
  if (suppressed) parts.push(`${suppressed} more like it.`)
  return `${parts.join(' ')} (${rule === undefined ? code : `${code}, rule ${rule}`})`
}

/** A wait for people: never shorter than it is. */
export function waitWords(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1_000)
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`
}

function asSentence(text: string): string {
  const first = text.slice(0, 1).toUpperCase()
  return /[.!?]$/.test(text) ? first + text.slice(1) : `${first}${text.slice(1)}.`
}
