import type {AdminClient} from '../../client/admin/admin-client.js'
import type {ServerMetrics, SlowMessage, SlowOptions} from '../../contract/metrics.js'
import {type ListOptions, listQuery} from './rooms.js'

/** How a server fares, with the rooms that `options` ask for. */
export function getMetrics(client: AdminClient, options: ListOptions): Promise<ServerMetrics> {
  return client.request<ServerMetrics>({path: '/v1/metrics', query: listQuery(options)})
}

/** Everything that is counted, as text for monitors. */
export function getPrometheusText(client: AdminClient): Promise<string> {
  return client.requestText({path: '/metrics'})
}

/** The slowest messages of the last 15 minutes. */
export function listSlow(client: AdminClient, {limit, sort}: SlowOptions): Promise<SlowMessage[]> {
  return client.request<SlowMessage[]>({path: '/v1/metrics/slow', query: {limit, sort}})
}
