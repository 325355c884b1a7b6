import {splitGraphemes, textColumns} from '../../util/text-columns.js'

/** A line being typed. The cursor stands between the two parts. */
export interface EditedLine {
  readonly before: string
  readonly after: string
  /** What was entered, oldest first. */
  readonly history: readonly string[]
  /** Index in `history` of what is shown; equal to its length: the line being written. */
  readonly historyAt: number
  /** The line being written, while one looks at the history. */
  readonly draft: string
}

export const emptyLine: EditedLine = {before: '', after: '', history: [], historyAt: 0, draft: ''}

const MAX_HISTORY = 100
/** In UTF-16 units; more than any server takes by default. */
const MAX_LENGTH = 4_000

export function lineText({before, after}: EditedLine): string {
  return before + after
}

/** Types or pastes. Line ends become spaces, and what a terminal must not be sent is left out. */
export function insertText(line: EditedLine, text: string): EditedLine {
  const clean = text.replace(/\r\n?|\n|\t/g, ' ').replace(/\p{Cc}/gu, '')
  const room = MAX_LENGTH - line.before.length - line.after.length
  return {...line, before: line.before + clean.slice(0, Math.max(0, room)).toWellFormed()}
}

export type Edit =
  | 'left'
  | 'right'
  | 'start'
  | 'end'
  | 'erase-left'
  | 'erase-right'
  | 'erase-word'
  | 'cut-left'
  | 'cut-right'

export function editLine(line: EditedLine, edit: Edit): EditedLine {
  const {before, after} = line
  switch (edit) {
    case 'left': {
      const last = splitGraphemes(before).at(-1) ?? ''
      return {...line, before: before.slice(0, before.length - last.length), after: last + after}
    }
    case 'right': {
      const [first = ''] = splitGraphemes(after)
      return {...line, before: before + first, after: after.slice(first.length)}
    }
    case 'start':
      return {...line, before: '', after: before + after}
    case 'end':
      return {...line, before: before + after, after: ''}
    case 'erase-left':
      return {...line, before: splitGraphemes(before).slice(0, -1).join('')}
    case 'erase-right':
      return {...line, after: splitGraphemes(after).slice(1).join('')}
    case 'erase-word':
      return {...line, before: before.replace(/\S*\s*$/, '')}
    case 'cut-left':
      return {...line, before: ''}
    case 'cut-right':
      return {...line, after: ''}
  }
}

/** Goes back (-1) or forth (1) in what was entered. */
export function recallLine(line: EditedLine, step: -1 | 1): EditedLine {
  const at = line.historyAt + step
  if (at < 0 || at > line.history.length) return line
  const draft = line.historyAt === line.history.length ? lineText(line) : line.draft
  return {...line, before: line.history[at] ?? draft, after: '', historyAt: at, draft}
}

/** Empties the line and remembers what it was. */
export function enterLine(line: EditedLine): EditedLine {
  const text = lineText(line)
  const isNews = text.trim() !== '' && text !== line.history.at(-1)
  const history = isNews ? [...line.history, text].slice(-MAX_HISTORY) : line.history
  return {...emptyLine, history, historyAt: history.length}
}

/** The part of a long line that is shown in `columns` (2 or more), and where in it the cursor stands. */
export function visiblePart({before, after}: EditedLine, columns: number): {text: string; cursorColumn: number} {
  // One column stays free for a cursor behind the last character.
  let text = ''
  let cursorColumn = 0
  for (const grapheme of splitGraphemes(before).reverse()) {
    const width = textColumns(grapheme)
    if (cursorColumn + width > columns - 1) break
    text = grapheme + text
    cursorColumn += width
  }
  let used = cursorColumn
  for (const grapheme of splitGraphemes(after)) {
    used += textColumns(grapheme)
    if (used > columns) break
    text += grapheme
  }
  return {text, cursorColumn}
}
