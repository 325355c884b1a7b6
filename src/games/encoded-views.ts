import type {GameDefinition} from '../contract/games.js'
import type {JsonValue} from '../contract/messages.js'
import {GsError} from '../errors.js'
import {callGame, gameFailed} from './call-game.js'
import {findJsonFault} from './json-data.js'

const MAX_FRAME_BYTES = 262_144

/**
 * What the largest frame around a state may need besides the state and the players: `room_joined` lists 200 members,
 * each with an id and a nickname of 32 characters of 4 bytes.
 */
const RESERVED_BYTES = 512 + 200 * 176

/** A game with views keeps most of its state to itself, so that is bounded by what storing it costs. */
const MAX_HIDDEN_STATE_BYTES = 2_097_152

/** How one state of a game looks to each receiver, as JSON text. */
export interface EncodedViews {
  /** For all who have no view of their own. */
  readonly shared: string
  /** By user id of a seated player; empty for a game without views. */
  readonly own: ReadonlyMap<number, string>
}

/** How many bytes an encoded view may have, so that every frame it stands in fits. */
export function maxViewBytes(players: readonly number[]): number {
  return MAX_FRAME_BYTES - RESERVED_BYTES - JSON.stringify(players).length
}

/**
 * Encodes a state for everyone who may see it. The text is what is sent: a state is encoded once.
 *
 * @throws {GsError} game_failed when the state or a view is not plain JSON data, or `view` throws; message_too_large
 * when one would not fit in a frame.
 */
export function encodeViews({
  definition,
  state,
  seated,
  maxBytes,
}: {
  definition: GameDefinition
  state: unknown
  seated: Iterable<number>
  maxBytes: number
}): EncodedViews {
  if (definition.view === undefined) {
    return {shared: encode({definition, data: state, what: 'the state', maxBytes}), own: new Map()}
  }
  checkData({definition, data: state, what: 'the state', maxBytes: MAX_HIDDEN_STATE_BYTES})
  const encodeFor = (userId: number | null) => {
    const data = callGame(definition, 'view', () => definition.view?.(state as JsonValue, userId))
    return encode({definition, data, what: 'a view', maxBytes})
  }
  const own = new Map<number, string>()
  for (const userId of seated) own.set(userId, encodeFor(userId))
  return {shared: encodeFor(null), own}
}

interface Data {
  definition: GameDefinition
  data: unknown
  what: string
  maxBytes: number
}

function encode({definition, data, what, maxBytes}: Data): string {
  checkData({definition, data, what, maxBytes})
  const text = guarded(definition, what, () => JSON.stringify(data))
  if (typeof text !== 'string') throw gameFailed(definition, `${what} cannot be encoded`)
  const bytes = Buffer.byteLength(text)
  if (bytes > maxBytes) throw tooLarge({definition, what, reason: `${bytes} bytes`, maxBytes})
  return text
}

function checkData({definition, data, what, maxBytes}: Data): void {
  const fault = guarded(definition, what, () => findJsonFault(data, maxBytes))
  if (fault?.kind === 'too_large') throw tooLarge({definition, what, reason: fault.reason, maxBytes})
  if (fault !== undefined) throw gameFailed(definition, `${what} is not plain JSON data: ${fault.reason}`)
}

/** Data with getters or a `toJSON` runs the game's code while it is looked at. */
function guarded<Result>(definition: GameDefinition, what: string, look: () => Result): Result {
  try {
    return look()
  } catch (error) {
    throw gameFailed(definition, `${what} cannot be encoded`, error)
  }
}

function tooLarge({
  definition,
  what,
  reason,
  maxBytes,
}: {
  definition: GameDefinition
  what: string
  reason: string
  maxBytes: number
}): GsError {
  return new GsError(
    'message_too_large',
    `${what} of the game ${definition.name} takes ${reason}; the limit is ${maxBytes}`,
  )
}
