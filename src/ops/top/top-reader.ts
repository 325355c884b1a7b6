import type {AdminClient} from '../../client/admin/admin-client.js'
import type {
  ClosedSummary,
  InstanceStatus,
  Listing,
  RoomDetails,
  RoomSummary,
  Usage,
  UserDetails,
  UserSummary,
} from '../../contract/admin.js'
import {GsError} from '../../errors.js'
import type {TopListQuery, TopQuery, TopSample} from './top-sample.js'
import {ratesBetween} from './usage-rates.js'

/** Looks at one server again and again; rates are differences of two looks. */
export class TopReader {
  readonly #client: AdminClient
  readonly #nowMs: () => number
  #earlier: {readonly pid: number; readonly usage: Usage} | undefined

  constructor({client, nowMs}: {client: AdminClient; nowMs: () => number}) {
    this.#client = client
    this.#nowMs = nowMs
  }

  /**
   * Asks for what the query names and for nothing else.
   *
   * @throws {GsError} as `AdminClient.request`; a room or user that is gone is null instead.
   */
  async read(query: TopQuery): Promise<TopSample> {
    const [status, usage, rooms, users, closed, room, user] = await Promise.all([
      this.#client.request<InstanceStatus>({path: '/v1/status'}),
      this.#client.request<Usage>({path: '/v1/usage'}),
      this.#list<RoomSummary>('/v1/rooms', query.rooms),
      this.#list<UserSummary>('/v1/users', query.users),
      this.#closed(query.closed),
      this.#one<RoomDetails>('/v1/rooms', query.roomId),
      this.#one<UserDetails>('/v1/users', query.userId),
    ])
    const earlier = this.#earlier?.pid === status.pid ? this.#earlier.usage : undefined
    const numbers = ratesBetween(earlier, usage)
    this.#earlier = {pid: status.pid, usage}
    const {messages, errors, deliveries, bytesIn, bytesOut} = usage
    return {
      takenAtMs: this.#nowMs(),
      status,
      numbers,
      totals: {messages, errors, deliveries, bytesIn, bytesOut},
      ...(rooms !== undefined && {rooms}),
      ...(users !== undefined && {users}),
      ...(closed !== undefined && {closed}),
      ...(room !== undefined && {room}),
      ...(user !== undefined && {user}),
    }
  }

  async #list<Item>(path: string, query: TopListQuery | undefined): Promise<Listing<Item> | undefined> {
    if (query === undefined) return undefined
    const {sort, isReversed, filter, limit} = query
    return this.#client.request<Listing<Item>>({
      path,
      query: {sort, reverse: isReversed, limit, ...(filter !== '' && {filter})},
    })
  }

  async #closed(query: TopQuery['closed']): Promise<Listing<ClosedSummary> | undefined> {
    if (query === undefined) return undefined
    return this.#client.request<Listing<ClosedSummary>>({path: '/v1/closed', query})
  }

  async #one<Details>(path: string, id: number | undefined): Promise<Details | null | undefined> {
    if (id === undefined) return undefined
    try {
      return await this.#client.request<Details>({path: `${path}/${id}`})
    } catch (error) {
      if (GsError.is(error) && error.code === 'not_found') return null
      throw error
    }
  }
}
