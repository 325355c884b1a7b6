import type {Heatmap} from '../../contract/analytics.js'
import type {ChartLook} from './bars.js'

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
/** From few to many: of the 256 colours, from a dark blue to a light yellow. */
const COLORS = [17, 18, 24, 30, 36, 71, 106, 142, 178, 226] as const
const SHADES = [' .', ' :', ' -', ' =', ' +', ' *', ' o', ' %', ' #', ' @'] as const
const RESET = '\u001b[0m'

/** Weekdays and hours as a field of colours, or of marks where there are none. */
export function renderHeatmap({roomId, since, cells}: Heatmap, {hasColor}: ChartLook): string {
  const most = Math.max(...cells.flat())
  const whose = roomId === null ? 'on the server' : `in room ${roomId}`
  const period = since === null ? '' : ` since ${since}`
  const title = `Users ${whose} by weekday and hour (UTC)${period}`
  if (most === 0) return `${title}\nnobody was there`
  const hours = Array.from({length: 24}, (_, hour) => (hour % 3 === 0 ? String(hour).padStart(2) : '  ')).join('')
  const rows = cells.map(
    (row, weekday) => `${WEEKDAYS[weekday]} ${row.map(value => cell(value / most, hasColor)).join('')}`,
  )
  const scale = Array.from({length: COLORS.length}, (_, step) => cell((step + 1) / COLORS.length, hasColor)).join('')
  return [title, `    ${hours}`, ...rows, '', `    few ${scale} many; most: ${round(most)}`].join('\n')
}

/** `share` of the most, 0 to 1. */
function cell(share: number, hasColor: boolean): string {
  if (share <= 0) return '  '
  const step = Math.min(COLORS.length - 1, Math.ceil(share * COLORS.length) - 1)
  return hasColor ? `\u001b[48;5;${COLORS[step]}m  ${RESET}` : (SHADES[step] ?? '  ')
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1)
}
