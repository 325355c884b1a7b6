import {Box, Text} from 'ink'
import type {ReactNode} from 'react'
import type {TerminalLook} from '../../model/terminal-look.js'
import type {TicTacToeBoard, TicTacToeCell} from '../../model/tictactoe-board.js'
import type {Palette} from './palette.js'

interface GameBoardProps {
  readonly board: TicTacToeBoard
  readonly look: TerminalLook
  readonly palette: Palette
  /** Three rows instead of five. */
  readonly isLow: boolean
}

/** Free fields show the digit that plays them; the last move stands in brackets. */
export function GameBoard({board, look, palette, isLow}: GameBoardProps) {
  const lines = look.isUtf8 ? {upright: '│', across: '───┼───┼───'} : {upright: '|', across: '---+---+---'}
  const rowOf = (start: number) => (
    <Text key={start}>
      {board.cells.slice(start, start + 3).map((cell, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field is its place
        <Text key={column}>
          {column > 0 && <Text {...palette.faint}>{lines.upright}</Text>}
          <Cell cell={cell} digit={start + column + 1} palette={palette} />
        </Text>
      ))}
    </Text>
  )
  const across = (key: string) => (
    <Text key={key} {...palette.faint}>
      {lines.across}
    </Text>
  )
  const rows: ReactNode[] = isLow
    ? [rowOf(0), rowOf(3), rowOf(6)]
    : [rowOf(0), across('upper'), rowOf(3), across('lower'), rowOf(6)]
  return (
    <Box flexDirection="column" width={11} flexShrink={0}>
      {rows}
    </Box>
  )
}

function Cell({cell, digit, palette}: {cell: TicTacToeCell; digit: number; palette: Palette}) {
  if (cell.mark === null) return <Text {...palette.faint}>{` ${digit} `}</Text>
  const style = cell.isWinning ? palette.winningMark : palette.mark(cell.mark)
  return <Text {...style}>{cell.isLastMove ? `[${cell.mark}]` : ` ${cell.mark} `}</Text>
}
