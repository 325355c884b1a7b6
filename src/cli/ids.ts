import {GsError} from '../errors.js'
import {MAX_ID} from '../protocol/limits.js'
import {visibleValue} from '../util/visible-text.js'

/**
 * The id of a room or a user that somebody typed.
 *
 * @throws {GsError} usage for anything else than an integer from 1 to 4294967295.
 */
export function parseId(kind: 'room' | 'user', text: string, hint = `Ids are integers from 1 to ${MAX_ID}.`): number {
  if (/^[1-9]\d{0,9}$/.test(text) && Number(text) <= MAX_ID) return Number(text)
  throw new GsError('usage', `not a ${kind} id: ${visibleValue(text)}`, {hint})
}
