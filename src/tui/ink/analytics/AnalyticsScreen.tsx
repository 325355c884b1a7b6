import {Box, Text, useInput, useWindowSize} from 'ink'
import type {RealtimeStats} from '../../../contract/analytics.js'
import {bar} from '../../../render/analytics/bars.js'
import {realtimeLines} from '../../../render/analytics/realtime.js'
import type {TerminalLook} from '../../model/terminal-look.js'
import {usePolled} from '../use-polled.js'

interface AnalyticsScreenProps {
  readonly poll: () => Promise<RealtimeStats>
  readonly look: TerminalLook
  readonly onLeave: () => void
}

const POLL_MS = 1000
const BAR_WIDTH = 30
/** Besides the lines of numbers and the rooms: title, heading, blanks, the last line. */
const OTHER_ROWS = 5

/** Live numbers, a minute of events, and the busiest rooms; `q` leaves. */
export function AnalyticsScreen({poll, look, onLeave}: AnalyticsScreenProps) {
  const {answer: stats, problem} = usePolled(poll, POLL_MS)
  const {rows} = useWindowSize()
  useInput((input, key) => {
    if (input === 'q' || key.escape || (key.ctrl && input === 'c')) onLeave()
  })
  const lines = stats === undefined ? [] : realtimeLines(stats, look)
  const faint = look.isColored ? {dimColor: true} : {}
  return (
    <Box flexDirection="column">
      <Text bold wrap="truncate">
        gs analytics
        {problem !== undefined && <Text {...(look.isColored ? {color: 'yellow'} : {})}>{`  ${problem}`}</Text>}
      </Text>
      {stats === undefined ? (
        <Text {...faint}>asking ...</Text>
      ) : (
        <>
          {lines.map(line => (
            <Text key={line.slice(0, 16)} wrap="truncate">
              {line}
            </Text>
          ))}
          <Busiest stats={stats} look={look} limit={rows - lines.length - OTHER_ROWS} />
        </>
      )}
      <Text {...faint}>q leaves</Text>
    </Box>
  )
}

function Busiest({stats, look, limit}: {stats: RealtimeStats; look: TerminalLook; limit: number}) {
  const rooms = stats.busiestRooms.slice(0, Math.max(0, limit))
  const most = rooms[0]?.messages ?? 0
  if (rooms.length === 0) return null
  return (
    <Box flexDirection="column" marginTop={1} marginBottom={1}>
      <Text bold>{'      ROOM   USERS  MESSAGES/MIN'}</Text>
      {rooms.map(({roomId, userCount, messages}) => (
        <Text key={roomId} wrap="truncate">
          {`${String(roomId).padStart(10)} ${String(userCount).padStart(7)} ${String(messages).padStart(13)}  `}
          <Text {...(look.isColored ? {color: 'cyan'} : {})}>
            {bar(messages, most, {width: BAR_WIDTH, isUtf8: look.isUtf8})}
          </Text>
        </Text>
      ))}
    </Box>
  )
}
