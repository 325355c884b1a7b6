import type {AdminClient} from '../../client/admin/admin-client.js'
import type {Listing, Reached, RoomDetails, RoomSummary} from '../../contract/admin.js'

/** How a list is sorted and cut; the server does both. */
export interface ListOptions {
  readonly sort: string | undefined
  readonly reverse: boolean
  readonly limit: number
}

/** The same as a query. */
export function listQuery({sort, reverse, limit}: ListOptions) {
  return {sort, reverse, limit}
}

export function listRooms(client: AdminClient, options: ListOptions): Promise<Listing<RoomSummary>> {
  return client.request<Listing<RoomSummary>>({method: 'GET', path: '/v1/rooms', query: listQuery(options)})
}

export function showRoom(client: AdminClient, roomId: number): Promise<RoomDetails> {
  return client.request<RoomDetails>({method: 'GET', path: `/v1/rooms/${roomId}`})
}

export function closeRoom(client: AdminClient, roomId: number, message: string | undefined): Promise<Reached> {
  return client.request<Reached>({method: 'POST', path: `/v1/rooms/${roomId}/close`, body: {message}})
}

/** Sends a notice to one room, or to everybody. */
export function sendNotice(client: AdminClient, message: string, roomId: number | undefined): Promise<Reached> {
  return client.request<Reached>({method: 'POST', path: '/v1/notice', body: {message, roomId}})
}
