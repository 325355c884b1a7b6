import {GsError} from '../errors.js'

/** Of `who`, such as `user 42`, no analytics are kept. */
export function neverSeen(who: string): GsError {
  return new GsError('not_found', `analytics know nothing of ${who}`, {
    hint: 'Either it has never been here, or it was too long ago, or it was forgotten.',
  })
}
