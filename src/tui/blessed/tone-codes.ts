import type {StyledLine, Tone} from '../top/styled-text.js'

export interface ColorDepth {
  /** False: only weight and inversion tell things apart. */
  readonly isColored: boolean
  /** How many colours the terminal has. Of 8, grey would be black. */
  readonly colors: number
}

const RESET = '\u001b[m'

/** SGR parameters of what each tone looks like. */
const COLORED: Record<Tone, string> = {
  plain: '',
  bold: '1',
  faint: '90',
  title: '1;36',
  key: '1;36',
  good: '32',
  warning: '33',
  bad: '1;31',
  chosen: '7',
  bar: '7',
  barWarning: '7;33',
  barBad: '7;31',
  curve: '36',
  lowerCurve: '32',
}

const COLORLESS: Partial<Record<Tone, string>> = {
  bold: '1',
  title: '1',
  key: '1',
  warning: '1',
  bad: '1',
  chosen: '7',
  bar: '7',
  barWarning: '7',
  barBad: '7',
}

const MIN_COLORS_FOR_GREY = 16

/** A line as text with escape sequences for colours and weight, and no others. */
export function encodeLine(line: StyledLine, {isColored, colors}: ColorDepth): string {
  return line
    .map(({text, tone}) => {
      const isBlack = tone === 'faint' && colors < MIN_COLORS_FOR_GREY
      const code = isBlack ? '' : isColored ? COLORED[tone] : (COLORLESS[tone] ?? '')
      return code === '' ? text : `\u001b[${code}m${text}${RESET}`
    })
    .join('')
}
