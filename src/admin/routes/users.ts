import {z} from 'zod'

import type {ClosedSummary, UserSummary} from '../../contract/admin.js'
import {CLOSE_REASONS} from '../../errors.js'
import {isoTime} from '../../util/iso-time.js'
import {closedSummary, listing, reached, userDetails, userSummary} from '../answer-schemas.js'
import type {ClosedRow, UserRow} from '../backend.js'
import {cutListing, listingQuery} from '../listing-query.js'
import {idText, messageText, noSuchUser, route} from '../route.js'

function finishUser(row: UserRow): UserSummary {
  return {...row, connectedAt: isoTime(row.connectedAt)}
}

function finishClosed(row: ClosedRow): ClosedSummary {
  return {...row, closedAt: isoTime(row.closedAt)}
}

const params = z.strictObject({userId: idText.describe('The user.')})

export const userRoutes = [
  route({
    method: 'GET',
    path: '/v1/users',
    summary: 'Connected users, longest connected first.',
    query: listingQuery('users'),
    answer: listing(userSummary),
    run: (backend, {query}) => cutListing(backend.users(), query, {name: 'users', finish: finishUser}),
  }),
  route({
    method: 'GET',
    path: '/v1/users/:userId',
    summary: 'One connected user.',
    params,
    answer: userDetails,
    run(backend, {params}) {
      const user = backend.user(params.userId)
      if (user === undefined) throw noSuchUser(params.userId)
      return user
    },
  }),
  route({
    method: 'POST',
    path: '/v1/users/:userId/kick',
    summary: 'Ends a user’s connection; seats in games are given up.',
    params,
    body: z.strictObject({message: messageText.optional()}),
    answer: reached,
    run(backend, {params, body}) {
      if (!backend.kickUser(params.userId, body.message)) throw noSuchUser(params.userId)
      return {users: 1}
    },
  }),
  route({
    method: 'GET',
    path: '/v1/closed',
    summary: 'The last closed connections with the reason of each, newest first.',
    query: listingQuery<{reason?: string; user?: number}>('closed', {
      reason: z.enum(Object.keys(CLOSE_REASONS)).describe('Only those that ended so.').optional(),
      user: idText.describe('Only those of this user.').optional(),
    }),
    answer: listing(closedSummary),
    run(backend, {query: {reason, user, ...cut}}) {
      const isWanted = (entry: ClosedRow) =>
        (reason === undefined || entry.reason === reason) && (user === undefined || entry.userId === user)
      return cutListing(backend.closed().filter(isWanted), cut, {name: 'closed', finish: finishClosed})
    },
  }),
]
