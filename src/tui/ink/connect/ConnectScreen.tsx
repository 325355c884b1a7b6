import {Box, Text, useCursor, useWindowSize} from 'ink'
import {useSyncExternalStore} from 'react'
import {currentRoom} from '../../model/conversation.js'
import {gameView} from '../../model/game-view.js'
import {visiblePart} from '../../model/line-editor.js'
import type {RoomSession} from '../../model/room-session.js'
import type {TerminalLook} from '../../model/terminal-look.js'
import {GamePanel} from './GamePanel.js'
import {Palette} from './palette.js'
import {StatusLine} from './StatusLine.js'
import {Timeline} from './Timeline.js'
import {useLineInput} from './use-line-input.js'
import {useScroll} from './use-scroll.js'

const PROMPT = '> '
/** From here on the board is drawn with lines between its rows. */
const MIN_ROWS_FOR_HIGH_BOARD = 18

/** The whole terminal: what was said, the room's game, where one is, and the line being typed. */
export function ConnectScreen({session, look}: {session: RoomSession; look: TerminalLook}) {
  const {columns, rows} = useWindowSize()
  const snapshot = useSyncExternalStore(session.subscribe, () => session.snapshot)
  const {conversation} = snapshot
  const room = currentRoom(conversation)
  const game = room && gameView(conversation, room)
  const gameHeight = game ? (rows >= MIN_ROWS_FOR_HIGH_BOARD ? 6 : 3) : 0
  const height = Math.max(1, rows - 2 - gameHeight)
  const {currentRoomId, lines} = conversation
  const scroll = useScroll(lines, {columns, rows: height, currentRoomId, isUtf8: look.isUtf8})
  const palette = new Palette(look)

  const line = useLineInput({
    submit(text) {
      scroll.toEnd()
      session.submit(text)
    },
    leave: () => session.leave(),
    scroll: scroll.turnPage,
  })

  const {text, cursorColumn} = visiblePart(line, Math.max(2, columns - PROMPT.length))
  const {setCursorPosition} = useCursor()
  setCursorPosition({x: PROMPT.length + cursorColumn, y: rows - 1})

  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <Timeline rows={scroll.rows} height={height} palette={palette} />
      {game && <GamePanel game={game} columns={columns} height={gameHeight} look={look} palette={palette} />}
      <StatusLine snapshot={snapshot} columns={columns} rowsBelow={scroll.rowsBelow} look={look} palette={palette} />
      <Text wrap="truncate">
        <Text bold>{PROMPT}</Text>
        {text}
      </Text>
    </Box>
  )
}
