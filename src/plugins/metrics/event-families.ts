import type {GameOutcomeKind} from '../../contract/codes.js'
import type {PluginHost} from '../../contract/plugins.js'
import {HistogramFamily} from './bucket-histogram.js'
import {counter, counterBy, type MetricFamily} from './metric-family.js'

/** From a second to four hours. */
const STAY_BOUNDS_S = [1, 10, 60, 300, 900, 1800, 3600, 7200, 14_400]

/** What is known of connections, sessions, rooms and games when they end. Counts from the plugin's start. */
export class EventFamilies {
  readonly #connections = new HistogramFamily(
    {name: 'gs_connection_duration_seconds', help: 'From the accept to the end of connections, by reason.'},
    STAY_BOUNDS_S,
    'reason',
  )
  readonly #sessions = new HistogramFamily(
    {name: 'gs_session_duration_seconds', help: 'From welcome to the end of connections.'},
    STAY_BOUNDS_S,
    null,
  )
  readonly #rooms = new HistogramFamily(
    {name: 'gs_room_duration_seconds', help: 'From the opening of rooms to their end.'},
    STAY_BOUNDS_S,
    null,
  )
  readonly #games = new HistogramFamily(
    {name: 'gs_game_duration_seconds', help: 'From the beginning of games to their end.'},
    STAY_BOUNDS_S,
    null,
  )
  readonly #gameEnds: Record<GameOutcomeKind, number> = {finished: 0, abandoned: 0, failed: 0, room_closed: 0}
  #roomsClosed = 0

  constructor(host: PluginHost) {
    host.hook('connectionClosed', ({durationMs, reason}) => this.#connections.observe(durationMs, reason))
    host.on('userDisconnected', ({durationMs}) => this.#sessions.observe(durationMs))
    host.on('roomClosed', ({durationMs}) => {
      this.#roomsClosed += 1
      this.#rooms.observe(durationMs)
    })
    host.on('gameEnded', ({durationMs, outcome}) => {
      this.#gameEnds[outcome] += 1
      this.#games.observe(durationMs)
    })
  }

  families(): MetricFamily[] {
    return [
      this.#connections.family(),
      this.#sessions.family(),
      counter('gs_room_closed', 'Rooms that were removed.', this.#roomsClosed),
      this.#rooms.family(),
      counterBy('gs_game_ended', 'Games that ended, by outcome.', 'outcome', this.#gameEnds),
      this.#games.family(),
    ]
  }
}
