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
import type {CacheStats} from '../../contract/cache.js'
import type {MetricsHistory, RoomMetrics, ServerMetrics, UserMetrics} from '../../contract/metrics.js'
import type {BlockListing, SecurityStats, UserSecurity} from '../../contract/security.js'
import {GsError} from '../../errors.js'
import type {TopListQuery, TopQuery, TopSample} from './top-sample.js'
import {numbersBetween} from './usage-rates.js'

/** Looks at one server again and again: at what the metrics plugin measures, or without it at what the core counts. */
export class TopReader {
  readonly #client: AdminClient
  readonly #nowMs: () => number
  #earlier: {readonly pid: number; readonly usage: Usage} | undefined
  /** Of the process that was asked last; the time of the last sample of its history. */
  #seen: {readonly pid: number; readonly timestamp: string} | undefined

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
    const [status, server, users, closed, plugins] = await Promise.all([
      this.#client.request<InstanceStatus>({path: '/v1/status'}),
      this.#readServer(query),
      this.#list<UserSummary>('/v1/users', query.users),
      this.#closed(query.closed),
      this.#plugins(query),
    ])
    const hasMetrics = server.metrics !== null
    const [history, room, user] = await Promise.all([
      hasMetrics ? this.#history(query.history, status.pid) : undefined,
      this.#one<RoomMetrics | RoomDetails>(hasMetrics ? '/v1/metrics/rooms' : '/v1/rooms', query.roomId),
      this.#one<UserMetrics | UserDetails>(hasMetrics ? '/v1/metrics/users' : '/v1/users', query.userId),
    ])
    return {
      takenAtMs: this.#nowMs(),
      status,
      ...(server.metrics === null
        ? {metrics: null, ...this.#countedBy(server.usage, status)}
        : measuredBy(server.metrics)),
      ...(query.rooms !== undefined && {rooms: roomsOf(server, query.rooms)}),
      ...(history !== undefined && {history}),
      ...(users !== undefined && {users}),
      ...(closed !== undefined && {closed}),
      ...(room !== undefined && {room}),
      ...(user !== undefined && {user}),
      ...plugins,
    }
  }

  /** What other plugins tell; null for those that do not run. */
  async #plugins({security, cache, userId}: TopQuery): Promise<PluginParts> {
    const [stats, blocks, cacheStats, userSecurity] = await Promise.all([
      security === undefined ? undefined : this.#ifRunning<SecurityStats>('/v1/security'),
      security?.blocks == null
        ? undefined
        : this.#client.request<BlockListing>({path: '/v1/security/blocks', query: listQuery(security.blocks)}),
      cache === undefined ? undefined : this.#ifRunning<CacheStats>('/v1/cache'),
      userId === undefined ? undefined : this.#one<UserSecurity>('/v1/security/users', userId),
    ])
    return {
      ...(stats !== undefined && {security: stats}),
      ...(blocks !== undefined && {blocks}),
      ...(cacheStats !== undefined && {cache: cacheStats}),
      ...(userSecurity !== undefined && {userSecurity}),
    }
  }

  #ifRunning<Data>(path: string): Promise<Data | null> {
    return unless(['plugin_disabled'], this.#client.request<Data>({path}))
  }

  async #readServer({rooms}: TopQuery): Promise<ServerAnswer> {
    const metrics = await unless(
      ['plugin_disabled'],
      this.#client.request<ServerMetrics>({
        path: '/v1/metrics',
        query: rooms === undefined ? {limit: 0} : listQuery(rooms),
      }),
    )
    if (metrics !== null) return {metrics}
    // A rate is what nobody knows without the plugin.
    const query = rooms?.sort === 'rate' ? {...rooms, sort: 'users'} : rooms
    const [usage, list] = await Promise.all([
      this.#client.request<Usage>({path: '/v1/usage'}),
      this.#list<RoomSummary>('/v1/rooms', query),
    ])
    return {metrics: null, usage, list, sort: query?.sort ?? ''}
  }

  #countedBy(usage: Usage, status: InstanceStatus): Pick<TopSample, 'numbers' | 'totals'> {
    const earlier = this.#earlier?.pid === status.pid ? this.#earlier.usage : undefined
    this.#earlier = {pid: status.pid, usage}
    const {messages, errors, deliveries, bytesIn, bytesOut} = usage
    return {
      numbers: numbersBetween(earlier, usage, status),
      totals: {messages, errors, deliveries, bytesIn, bytesOut},
    }
  }

  /** Whole at first and after a restart, and then only what came since. */
  async #history(query: TopQuery['history'], pid: number): Promise<TopSample['history']> {
    if (query === undefined) return undefined
    const since = this.#seen?.pid === pid ? this.#seen.timestamp : undefined
    const history = await unless(
      ['plugin_disabled'],
      this.#client.request<MetricsHistory>({
        path: '/v1/metrics/history',
        query: since === undefined ? {points: query.points} : {since},
      }),
    )
    if (history === null) return undefined
    const {samples} = history
    const last = samples.at(-1)
    if (last !== undefined) this.#seen = {pid, timestamp: last.timestamp}
    return {samples, isWhole: since === undefined}
  }

  async #list<Item>(path: string, query: TopListQuery | undefined): Promise<Listing<Item> | undefined> {
    if (query === undefined) return undefined
    return this.#client.request<Listing<Item>>({path, query: listQuery(query)})
  }

  async #closed(query: TopQuery['closed']): Promise<Listing<ClosedSummary> | undefined> {
    if (query === undefined) return undefined
    return this.#client.request<Listing<ClosedSummary>>({path: '/v1/closed', query})
  }

  async #one<Details>(path: string, id: number | undefined): Promise<Details | null | undefined> {
    if (id === undefined) return undefined
    return unless(['not_found', 'plugin_disabled'], this.#client.request<Details>({path: `${path}/${id}`}))
  }
}

type PluginParts = Pick<TopSample, 'security' | 'blocks' | 'cache' | 'userSecurity'>

type ServerAnswer =
  | {readonly metrics: ServerMetrics}
  | {
      readonly metrics: null
      readonly usage: Usage
      readonly list: Listing<RoomSummary> | undefined
      readonly sort: string
    }

/** Null in the place of an error that says that there is nothing to tell. */
async function unless<Data>(codes: readonly string[], answer: Promise<Data>): Promise<Data | null> {
  try {
    return await answer
  } catch (error) {
    if (GsError.is(error) && codes.includes(error.code)) return null
    throw error
  }
}

function listQuery({sort, isReversed, filter, limit}: TopListQuery) {
  return {sort, reverse: isReversed, limit, ...(filter !== '' && {filter})}
}

function measuredBy(metrics: ServerMetrics): Pick<TopSample, 'metrics' | 'numbers' | 'totals'> {
  const {messages, errors, deliveries, bytesIn, bytesOut} = metrics.totals
  return {metrics, numbers: metrics, totals: {messages, errors, deliveries, bytesIn, bytesOut}}
}

function roomsOf(server: ServerAnswer, {sort}: TopListQuery): NonNullable<TopSample['rooms']> {
  if (server.metrics !== null) {
    return {items: server.metrics.roomStats, total: server.metrics.roomStatsTotal, sort}
  }
  const {items = [], total = 0} = server.list ?? {}
  return {items: items.map(room => ({...room, messagesPerMinute: null})), total, sort: server.sort}
}
