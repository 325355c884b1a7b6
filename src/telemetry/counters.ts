import type {CloseReason, WireErrorCode} from '../contract/codes.js'
import type {Counters} from '../contract/counters.js'
import {CLOSE_REASONS, ERRORS, type ErrorCode, isWireCode} from '../errors.js'

/** Most rules that are counted by name. */
const MAX_RULES = 256

/** A set of counters at zero. */
export function createCounters(): Counters {
  return {
    connectionsOpened: 0,
    connectionsClosed: zeros(Object.keys(CLOSE_REASONS) as CloseReason[]),
    bytesIn: 0,
    bytesOut: 0,
    messages: {
      hello: 0,
      join_room: 0,
      leave_room: 0,
      chat: 0,
      heartbeat: 0,
      list_rooms: 0,
      game_start: 0,
      game_action: 0,
      game_end: 0,
      invalid: 0,
    },
    errors: zeros((Object.keys(ERRORS) as ErrorCode[]).filter(isWireCode) as WireErrorCode[]),
    refusals: new Map(),
    deliveries: 0,
    roomsCreated: 0,
    gamesStarted: 0,
    hookFailures: 0,
    stalls: 0,
  }
}

/** Counts a refusal by rule. Rules come from plugins, so their number is bounded here. */
export function countRefusal(counters: Counters, rule: string): void {
  const {refusals} = counters
  const label = refusals.has(rule) || refusals.size < MAX_RULES ? rule : 'other'
  refusals.set(label, (refusals.get(label) ?? 0) + 1)
}

function zeros<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map(key => [key, 0])) as Record<Key, number>
}
