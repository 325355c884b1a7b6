import {cutToWidth} from '../../render/table.js'
import {splitGraphemes, textColumns} from '../../util/text-columns.js'
import {visibleText} from '../../util/visible-text.js'
import {toAscii} from '../model/timeline-rows.js'

/** What a piece of text means; the screen knows how that looks. */
export type Tone =
  | 'plain'
  | 'bold'
  | 'faint'
  | 'title'
  | 'key'
  | 'good'
  | 'warning'
  | 'bad'
  | 'chosen'
  | 'bar'
  | 'barWarning'
  | 'barBad'
  | 'curve'
  | 'lowerCurve'

export interface Span {
  readonly text: string
  readonly tone: Tone
}

/** One row of the screen, or of a part of it. */
export type StyledLine = readonly Span[]

export function span(text: string, tone: Tone = 'plain'): Span {
  return {text, tone}
}

/** Wide characters whose width every terminal and the screen's library agree on. */
const SURELY_WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3040-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]$/
/** For what would be drawn wider or narrower than it is counted, and push the rest of its row aside. */
const UNSTEADY = '\u25a1'

/** Text of others, such as a nickname: nothing in it can steer the terminal, look like something else or shift a row. */
export function foreignText(text: string, isUtf8: boolean): string {
  const visible = visibleText(text)
  if (/^[\x20-\x7e]*$/.test(visible)) return visible
  if (!isUtf8) return toAscii(visible)
  const graphemes = splitGraphemes(visible.normalize('NFC'))
  return graphemes.map(grapheme => (isSteady(grapheme) ? grapheme : UNSTEADY)).join('')
}

function isSteady(grapheme: string): boolean {
  return grapheme.length === 1 && (textColumns(grapheme) === 1 || SURELY_WIDE.test(grapheme))
}

export function lineColumns(line: StyledLine): number {
  return line.reduce((sum, {text}) => sum + textColumns(text), 0)
}

/** Makes a line exactly so wide: cut at the end, or filled with `tone`. */
export function fitLine(line: StyledLine, columns: number, tone: Tone = 'plain'): StyledLine {
  const spans: Span[] = []
  let left = columns
  for (const {text, tone: own} of line) {
    if (left <= 0) break
    const width = textColumns(text)
    const fitting = width <= left ? text : cutExactly(text, left)
    spans.push({text: fitting, tone: own})
    left -= textColumns(fitting)
  }
  if (left > 0) spans.push({text: ' '.repeat(left), tone})
  return spans
}

/** The first `columns` of a line, or as many as it has. */
export function takeColumns(line: StyledLine, columns: number): StyledLine {
  let taken = 0
  return line.map(({text, tone}) => {
    const kept = splitGraphemes(text).filter(grapheme => {
      taken += textColumns(grapheme)
      return taken <= columns
    })
    return {text: kept.join(''), tone}
  })
}

/** What of a line is right of its first `columns`; a wide character on the edge leaves a blank. */
export function dropColumns(line: StyledLine, columns: number): StyledLine {
  let skipped = 0
  return line.map(({text, tone}) => {
    const rest = splitGraphemes(text).map(grapheme => {
      const before = skipped
      skipped += textColumns(grapheme)
      if (before >= columns) return grapheme
      return ' '.repeat(Math.max(0, skipped - columns))
    })
    return {text: rest.join(''), tone}
  })
}

/** `left` at the left end, `right` at the right; where both do not fit, the right one gives way. */
export function spreadLine(left: StyledLine, right: StyledLine, columns: number, tone: Tone = 'plain'): StyledLine {
  const gap = columns - lineColumns(left) - lineColumns(right)
  if (gap < 1) return fitLine(left, columns, tone)
  return [...left, {text: ' '.repeat(gap), tone}, ...right]
}

/** Cut or filled to exactly `columns`. */
export function padCell(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const cut = textColumns(text) <= columns ? text : cutExactly(text, columns)
  const padding = ' '.repeat(Math.max(0, columns - textColumns(cut)))
  return align === 'right' ? padding + cut : cut + padding
}

/** ASCII text stays ASCII: its cut is shown by `~`. */
function cutExactly(text: string, columns: number): string {
  if (columns <= 0) return ''
  const cut = cutToWidth(text, columns)
  return /^[\x20-\x7e]*$/.test(text) ? cut.replace('…', '~') : cut
}
