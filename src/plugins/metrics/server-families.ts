import packageJson from '../../../package.json' with {type: 'json'}
import type {PluginHost} from '../../contract/plugins.js'
import {counter, counterBy, gauge, gaugeBy, info, type MetricFamily, summary} from './metric-family.js'
import type {Reading} from './reading.js'

const MS_PER_S = 1000
const TRANSPORT = {transport: 'tcp'}

/** What the core counts and holds. */
export function serverFamilies(
  {vitals, users, rooms, counters}: PluginHost,
  {totals, ...counts}: Reading,
): MetricFamily[] {
  const {connectionCount, overload, plugins} = vitals
  const welcomed = Math.min(users.count, connectionCount)
  const members = rooms.overview(Number.POSITIVE_INFINITY).reduce((sum, {userCount}) => sum + userCount, 0)
  return [
    info('gs_build', 'What runs.', {version: packageJson.version, node: process.versions.node}),
    gaugeBy(
      'gs_plugin_enabled',
      'Plugins that run (1) or were disabled (0).',
      'plugin',
      Object.fromEntries(plugins.map(({name, state}) => [name, Number(state !== 'disabled')])),
    ),
    {
      name: 'gs_connection_active',
      help: 'Open sockets, before and after welcome.',
      type: 'gauge',
      samples: [
        {labels: {...TRANSPORT, state: 'anonymous'}, value: connectionCount - welcomed},
        {labels: {...TRANSPORT, state: 'welcomed'}, value: welcomed},
      ],
    },
    {
      name: 'gs_connection_opened',
      help: 'Connections that were accepted.',
      type: 'counter',
      samples: [{suffix: '_total', labels: TRANSPORT, value: totals.connectionsOpened}],
    },
    counterBy('gs_connection_closed', 'Connections that ended, by reason.', 'reason', counts.closeReasons),
    gauge('gs_connection_slow', 'Connections with more than server.unsentSoftBytes unsent.', vitals.slowConsumers),
    gauge('gs_connection_send_queue_bytes', 'What clients have not taken yet.', vitals.unsentBytes),
    counterBy('gs_message_received', 'Frames after hello, by type.', 'type', counts.messageTypes),
    counter('gs_message_delivered', 'Room frames handed to the sockets of members.', totals.deliveries),
    counterBy('gs_message_error', 'Messages that were answered with an error, by code.', 'error', counts.errors),
    counterBy('gs_network_io_bytes', 'Bytes from and to clients.', 'direction', {
      receive: totals.bytesIn,
      transmit: totals.bytesOut,
    }),
    counterBy('gs_middleware_rejected', 'Refusals by plugins, by rule.', 'rule', counts.refusals),
    counter('gs_middleware_failure', 'Failures of plugins that were contained.', totals.hookFailures),
    summary(
      'gs_middleware_duration_seconds',
      'Time of the calls that were timed, by plugin and hook; not every call is.',
      plugins.flatMap(({name, hooks}) =>
        hooks.map(({hook, timedCalls, timedMs}) => ({
          labels: {plugin: name, hook},
          count: timedCalls,
          sum: timedMs / MS_PER_S,
        })),
      ),
    ),
    gauge('gs_room_active', 'Rooms that are open.', rooms.count),
    gauge('gs_room_member_active', 'Memberships of all rooms.', members),
    counter('gs_room_created', 'Rooms that were opened.', totals.roomsCreated),
    counter('gs_game_started', 'Games that began.', totals.gamesStarted),
    counter('gs_server_stall', 'Times the event loop stood still for over half a second.', counters.stalls),
    gaugeBy('gs_server_overloaded', 'What the server is short of (1).', 'reason', {
      event_loop: Number(overload === 'event_loop'),
      memory: Number(overload === 'memory'),
    }),
  ]
}
