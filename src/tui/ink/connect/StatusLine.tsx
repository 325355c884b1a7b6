import {Text} from 'ink'
import {textColumns} from '../../../util/text-columns.js'
import type {SessionSnapshot} from '../../model/room-session.js'
import {statusText} from '../../model/status-text.js'
import type {TerminalLook} from '../../model/terminal-look.js'
import {toAscii} from '../../model/timeline-rows.js'
import type {Palette} from './palette.js'

interface StatusLineProps {
  readonly snapshot: SessionSnapshot
  readonly columns: number
  /** Rows at the end of the scroll-back that are out of sight. */
  readonly rowsBelow: number
  readonly look: TerminalLook
  readonly palette: Palette
}

/** A rule across the screen that says where one is. */
export function StatusLine({snapshot, columns, rowsBelow, look, palette}: StatusLineProps) {
  const [dash, dot] = look.isUtf8 ? ['─', ' · '] : ['-', ' | ']
  const below = rowsBelow > 0 ? ` ${rowsBelow} more below: PgDn ` : ''
  const room = columns - 4 - (below === '' ? 0 : below.length + 1)
  const words = statusText(snapshot, {columns: Math.max(1, room), separator: dot})
  const text = look.isUtf8 ? words : toAscii(words)
  const filling = Math.max(0, columns - 4 - textColumns(text) - below.length - (below === '' ? 0 : 1))
  const style = snapshot.link.state === 'connected' ? {} : palette.warning
  return (
    <Text wrap="truncate">
      <Text {...palette.faint}>{dash.repeat(2)}</Text>
      <Text {...style}>{` ${text} `}</Text>
      <Text {...palette.faint}>{dash.repeat(filling)}</Text>
      <Text {...palette.warning}>{below}</Text>
      <Text {...palette.faint}>{below === '' ? '' : dash}</Text>
    </Text>
  )
}
