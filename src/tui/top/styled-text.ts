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

/** Text of others, such as a nickname: nothing in it can steer the terminal or look like something else. */
export function foreignText(text: string, isUtf8: boolean): string {
  const visible = visibleText(text)
  return isUtf8 ? visible : toAscii(visible)
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
