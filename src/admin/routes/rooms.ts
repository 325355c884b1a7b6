import {z} from 'zod'

import type {RoomSummary} from '../../contract/admin.js'
import {isoTime} from '../../util/iso-time.js'
import {listing, reached, roomDetails, roomId, roomSummary} from '../answer-schemas.js'
import type {RoomRow} from '../backend.js'
import {cutListing, listingQuery} from '../listing-query.js'
import {idText, messageText, noSuchRoom, route} from '../route.js'

function finishRoom(row: RoomRow): RoomSummary {
  return {...row, createdAt: isoTime(row.createdAt), lastActivity: isoTime(row.lastActivity)}
}

const params = z.strictObject({roomId: idText.describe('The room.')})

export const roomRoutes = [
  route({
    method: 'GET',
    path: '/v1/rooms',
    summary: 'Rooms, fullest first.',
    query: listingQuery('rooms'),
    answer: listing(roomSummary),
    run: (backend, {query}) => cutListing(backend.rooms(), query, {name: 'rooms', finish: finishRoom}),
  }),
  route({
    method: 'GET',
    path: '/v1/rooms/:roomId',
    summary: 'One room with its game and, at most 200, members.',
    params,
    answer: roomDetails,
    run(backend, {params}) {
      const room = backend.room(params.roomId)
      if (room === undefined) throw noSuchRoom(params.roomId)
      return room
    },
  }),
  route({
    method: 'POST',
    path: '/v1/rooms/:roomId/close',
    summary: 'Ends a room, its game and every membership.',
    params,
    body: z.strictObject({message: messageText.optional()}),
    answer: reached,
    run(backend, {params, body}) {
      const users = backend.closeRoom(params.roomId, body.message)
      if (users === undefined) throw noSuchRoom(params.roomId)
      return {users}
    },
  }),
  route({
    method: 'POST',
    path: '/v1/notice',
    summary: 'Sends a notice to everybody, or to one room.',
    body: z.strictObject({
      message: messageText,
      roomId: roomId.describe('Only the members of this room.').optional(),
    }),
    answer: reached,
    run(backend, {body}) {
      const users = backend.notice(body.message, body.roomId)
      if (users === undefined) throw noSuchRoom(body.roomId)
      return {users}
    },
  }),
]
