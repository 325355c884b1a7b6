import {z} from 'zod'

import {GsError} from '../../errors.js'
import {canonicalAddress} from '../../util/ip-address.js'
import {logEvent, traceEvent} from '../answer-schemas.js'
import {countText, flagText, idText, route} from '../route.js'

const MAX_LINES = 1000
const DEFAULT_LINES = 20
const MAX_TRACE_MS = 3_600_000
const DEFAULT_TRACE_MS = 30_000

const addressText = z.string().transform((text, context) => {
  const address = canonicalAddress(text)
  if (address === null) context.addIssue({code: 'custom', message: 'must be an IP address'})
  return address ?? ''
})

export const streamRoutes = [
  route({
    method: 'GET',
    path: '/v1/logs',
    summary: 'The server’s own log: the last lines, and with `follow` those that come.',
    isStream: true,
    query: z.strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).describe('Least severity.').default('info'),
      lines: countText(0, MAX_LINES)
        .describe(`Past lines to begin with. Left out: ${DEFAULT_LINES}.`)
        .default(DEFAULT_LINES),
      follow: flagText.describe('Go on with the lines that come.').default(false),
    }),
    answer: logEvent,
    run(backend, {query: {level, lines, follow}, signal}) {
      const events = backend.logs({level, lines, isFollowed: follow, signal})
      if (events === undefined) {
        throw new GsError('not_found', 'this server keeps no log of its own', {
          hint: 'The program that embeds it has its own logger; look there.',
        })
      }
      return events
    },
  }),
  route({
    method: 'GET',
    path: '/v1/trace',
    summary:
      'Messages of one user, room or address on their way through the plugins, with the time in each hook. Exactly one of `user`, `room` and `ip` must be given.',
    isStream: true,
    query: z
      .strictObject({
        user: idText.describe('Messages of this user.').optional(),
        room: idText.describe('Messages to this room.').optional(),
        ip: addressText.describe('Messages from this IP address.').optional(),
        forMs: countText(1, MAX_TRACE_MS)
          .describe(`How long it goes on. Left out: ${DEFAULT_TRACE_MS}.`)
          .default(DEFAULT_TRACE_MS),
      })
      .refine(({user, room, ip}) => [user, room, ip].filter(value => value !== undefined).length === 1, {
        message: 'exactly one of user, room and ip must be given',
      }),
    answer: traceEvent,
    run: (backend, {query: {user, room, ip, forMs}, signal}) =>
      backend.trace({filter: {userId: user, roomId: room, address: ip}, forMs, signal}),
  }),
]
