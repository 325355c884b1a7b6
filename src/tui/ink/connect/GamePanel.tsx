import {Box, Text} from 'ink'
import type {GameView} from '../../model/game-view.js'
import type {TerminalLook} from '../../model/terminal-look.js'
import {toAscii} from '../../model/timeline-rows.js'
import {wrapText} from '../../model/wrap-text.js'
import {GameBoard} from './GameBoard.js'
import type {Palette} from './palette.js'

interface GamePanelProps {
  readonly game: GameView
  readonly columns: number
  /** 3 for a low terminal, else 6: an empty row above. */
  readonly height: number
  readonly look: TerminalLook
  readonly palette: Palette
}

/** The room's game: a board where there is one to draw, and in words how it stands. */
export function GamePanel({game, columns, height, look, palette}: GamePanelProps) {
  const isLow = height < 5
  const text = (words: string) => (look.isUtf8 ? words : toAscii(words))
  const style = game.isOwnTurn || game.isOver ? palette.attention : {}
  const players = isLow ? [game.players.join('  ')] : game.players
  const state = game.board ? [] : wrapText(text(game.stateText), Math.max(1, columns - 4)).slice(0, isLow ? 2 : 4)
  return (
    <Box height={height} flexShrink={0} paddingLeft={2} paddingTop={isLow ? 0 : 1} gap={3} overflow="hidden">
      {game.board && <GameBoard board={game.board} look={look} palette={palette} isLow={isLow} />}
      <Box flexDirection="column" flexGrow={1}>
        <Text wrap="truncate">
          {text(game.title)}
          {': '}
          <Text {...style}>{text(game.status)}</Text>
        </Text>
        {players.map(player => (
          <Text key={player} wrap="truncate">
            {text(player)}
          </Text>
        ))}
        {state.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of one text, in order
          <Text key={index} wrap="truncate" {...palette.faint}>
            {row}
          </Text>
        ))}
        {game.isOwnTurn && (
          <Text wrap="truncate" {...palette.faint}>
            {isLow ? 'type 1-9 and Enter' : 'type the number of a field and press Enter'}
          </Text>
        )}
      </Box>
    </Box>
  )
}
