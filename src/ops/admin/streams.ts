import type {AdminClient} from '../../client/admin/admin-client.js'
import type {Dropped, LogEvent, TraceEvent} from '../../contract/admin.js'

/** The server's own log: the last lines, and with `isFollowed` those that come. */
export function readLogs(
  client: AdminClient,
  options: {level: string; lines: number; isFollowed: boolean; signal: AbortSignal},
): AsyncIterable<LogEvent | Dropped> {
  const {level, lines, isFollowed, signal} = options
  return client.stream<LogEvent | Dropped>('/v1/logs', {level, lines, follow: isFollowed}, {signal})
}

/** Messages of one user, room or address, for `forMs`. */
export function traceMessages(
  client: AdminClient,
  filter: {user?: number | undefined; room?: number | undefined; ip?: string | undefined; forMs: number},
  {signal}: {signal: AbortSignal},
): AsyncIterable<TraceEvent | Dropped> {
  return client.stream<TraceEvent | Dropped>('/v1/trace', {...filter}, {signal})
}
