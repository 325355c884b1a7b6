import type {RoomStats} from '../../contract/metrics.js'
import type {MetricFamily} from './metric-family.js'

const S_PER_MINUTE = 60

/**
 * The busiest rooms by name, for those who ask for them (`metrics.roomLabels`): each room that comes and goes is a new
 * series for the monitor. The others are one together, so that sums are right.
 */
export function roomFamilies(rooms: readonly RoomStats[], roomLabels: number): MetricFamily[] {
  if (roomLabels === 0) return []
  const busiest = rooms.slice(0, roomLabels)
  const others = rooms.slice(roomLabels)
  const samplesOf = (read: (room: RoomStats) => number) => [
    ...busiest.map(room => ({labels: {room: String(room.roomId)}, value: read(room)})),
    {labels: {room: 'other'}, value: others.reduce((sum, room) => sum + read(room), 0)},
  ]
  return [
    {
      name: 'gs_busiest_room_member_active',
      help: 'Members of the busiest rooms, and of all others together.',
      type: 'gauge',
      samples: samplesOf(({userCount}) => userCount),
    },
    {
      name: 'gs_busiest_room_message_rate',
      help: 'Accepted messages a second to the busiest rooms over the last interval, and to all others together.',
      type: 'gauge',
      samples: samplesOf(({messagesPerMinute}) => messagesPerMinute / S_PER_MINUTE),
    },
  ]
}
