import {Box, Text, useCursor, useWindowSize} from 'ink'
import {useState, useSyncExternalStore} from 'react'
import {currentRoom} from '../../model/conversation.js'
import {gameView} from '../../model/game-view.js'
import {visiblePart} from '../../model/line-editor.js'
import type {RoomSession} from '../../model/room-session.js'
import type {TerminalLook} from '../../model/terminal-look.js'
import {countRows, timelineRows} from '../../model/timeline-rows.js'
import {GamePanel} from './GamePanel.js'
import {Palette} from './palette.js'
import {StatusLine} from './StatusLine.js'
import {Timeline} from './Timeline.js'
import {useLineInput} from './use-line-input.js'

const PROMPT = '> '
/** From here on the board is drawn with lines between its rows. */
const MIN_ROWS_FOR_HIGH_BOARD = 18

/** The whole terminal: what was said, the room's game, where one is, and the line being typed. */
export function ConnectScreen({session, look}: {session: RoomSession; look: TerminalLook}) {
  const {columns, rows} = useWindowSize()
  const snapshot = useSyncExternalStore(session.subscribe, () => session.snapshot)
  const [scrolledBy, setScrolledBy] = useState(0)
  const {conversation} = snapshot
  const room = currentRoom(conversation)
  const game = room && gameView(conversation, room)
  const gameHeight = game ? (rows >= MIN_ROWS_FOR_HIGH_BOARD ? 6 : 3) : 0
  const height = Math.max(1, rows - 2 - gameHeight)
  const timeline = {columns, currentRoomId: conversation.currentRoomId, isUtf8: look.isUtf8}
  const options = {...timeline, rows: height, scrolledBy}
  const palette = new Palette(look)

  const line = useLineInput({
    submit(text) {
      setScrolledBy(0)
      session.submit(text)
    },
    leave: () => session.leave(),
    scroll(pages) {
      const most = Math.max(0, countRows(session.snapshot.conversation.lines, options) - height)
      setScrolledBy(by => Math.min(most, Math.max(0, by + pages * Math.max(1, height - 1))))
    },
  })

  const {text, cursorColumn} = visiblePart(line, Math.max(2, columns - PROMPT.length))
  const {setCursorPosition} = useCursor()
  setCursorPosition({x: PROMPT.length + cursorColumn, y: rows - 1})

  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <Timeline rows={timelineRows(conversation.lines, options)} height={height} palette={palette} />
      {game && <GamePanel game={game} columns={columns} height={gameHeight} look={look} palette={palette} />}
      <StatusLine snapshot={snapshot} columns={columns} scrolledBy={scrolledBy} look={look} palette={palette} />
      <Text wrap="truncate">
        <Text bold>{PROMPT}</Text>
        {text}
      </Text>
    </Box>
  )
}
