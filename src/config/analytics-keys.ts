import {boolean, integer} from './key.js'

const MAX_DAYS = 36_500

/** Keys of the analytics plugin. */
export const analytics = {
  bufferSize: integer({
    description: 'Recent events kept in memory for those who look at them.',
    unit: 'events',
    default: 10_000,
    min: 100,
    max: 1_000_000,
    liveness: 'restart',
  }),
  rawMessages: boolean({
    description: 'Keep a row for each accepted message, instead of a count for each user, room, type and minute only.',
    default: false,
    liveness: 'live',
  }),
  rawRetentionDays: integer({
    description: 'How long events, sessions and counts by the minute are kept.',
    unit: 'days',
    default: 30,
    min: 1,
    max: MAX_DAYS,
    liveness: 'live',
  }),
  rollupRetentionDays: integer({
    description: 'How long sums by hour, day and month are kept, and users and rooms that were not seen again.',
    unit: 'days',
    default: 400,
    min: 1,
    max: MAX_DAYS,
    liveness: 'live',
  }),
  maxBytes: integer({
    description: 'Data of the store beyond which the oldest events, sessions and counts by the minute go early.',
    unit: 'bytes',
    default: 1_073_741_824,
    min: 1_048_576,
    max: Number.MAX_SAFE_INTEGER,
    liveness: 'live',
  }),
}
