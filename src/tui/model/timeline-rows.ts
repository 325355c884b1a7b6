import type {ConversationLine, LineKind} from './conversation.js'
import {fitText, wrapText} from './wrap-text.js'

/** One row of the scroll-back, ready to be drawn. */
export interface TimelineRow {
  readonly key: string
  readonly kind: LineKind
  /** What stands left of the text: time and mark, or as many spaces. */
  readonly time: string
  readonly mark: string
  /** The start of the text that is the author's name. */
  readonly author: string
  readonly authorId: number | null
  readonly text: string
}

export interface TimelineOptions {
  /** Width of a row. */
  readonly columns: number
  /** Rows that are wanted. */
  readonly rows: number
  /** How many rows at the end are scrolled out of sight. */
  readonly scrolledBy: number
  /** Lines of other rooms say which. */
  readonly currentRoomId: number | null
  /** False: nothing but ASCII reaches the terminal. */
  readonly isUtf8: boolean
}

/** What tells the kinds of lines apart without colour. */
const marks: Record<LineKind, string> = {
  chat: ' ',
  own: '>',
  joined: '+',
  left: '-',
  game: '*',
  notice: '#',
  error: '!',
  status: '=',
  info: ' ',
}

const TIME_COLUMNS = 5
const MARK_COLUMNS = 3
/** Below it every column is needed for the text. */
const MIN_COLUMNS_WITH_TIME = 30

/** The rows that are in sight, top to bottom: at most `rows`, fewer when there are not as many lines. */
export function timelineRows(lines: readonly ConversationLine[], options: TimelineOptions): TimelineRow[] {
  const {rows, scrolledBy} = options
  const wanted = rows + scrolledBy
  const found: TimelineRow[] = []
  // From the end, so that a long scroll-back costs nothing.
  for (let index = lines.length - 1; index >= 0 && found.length < wanted; index -= 1) {
    const line = lines[index]
    if (line) found.push(...rowsOf(line, options).reverse())
  }
  return found.slice(scrolledBy, wanted).reverse()
}

/** How many rows all lines take: the most that one can scroll by, and some. */
export function countRows(lines: readonly ConversationLine[], options: TimelineOptions): number {
  return lines.reduce((count, line) => count + rowsOf(line, options).length, 0)
}

function rowsOf(line: ConversationLine, {columns, currentRoomId, isUtf8}: TimelineOptions): TimelineRow[] {
  const hasTime = columns >= MIN_COLUMNS_WITH_TIME
  const textWidth = Math.max(1, columns - (hasTime ? TIME_COLUMNS : 0) - MARK_COLUMNS)
  const isElsewhere = line.roomId !== null && line.roomId !== currentRoomId
  const room = isElsewhere ? `[${line.roomId}] ` : ''
  const author = line.author === null ? '' : fitText(authorName(line, isUtf8), Math.floor(textWidth / 2), '~')
  const opening = author === '' ? '' : `${author}:`
  const text = `${room}${opening}${opening && ' '}${isUtf8 ? line.text : toAscii(line.text)}`
  return wrapText(text, textWidth).map((row, index) => {
    const hasAuthor = index === 0 && room === '' && opening !== '' && row.startsWith(opening)
    return {
      key: `${line.id}.${index}`,
      kind: line.kind,
      time: hasTime ? (index === 0 ? timeOfDay(line.atMs) : ' '.repeat(TIME_COLUMNS)) : '',
      mark: index === 0 ? ` ${marks[line.kind]} ` : '   ',
      author: hasAuthor ? opening : '',
      authorId: line.author?.userId ?? null,
      text: hasAuthor ? row.slice(opening.length) : row,
    }
  })
}

function authorName({author, kind}: ConversationLine, isUtf8: boolean): string {
  if (kind === 'own') return 'you'
  const name = author?.name ?? ''
  return isUtf8 ? name : toAscii(name)
}

/** Hours and minutes where the terminal stands. */
function timeOfDay(atMs: number): string {
  const at = new Date(atMs)
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`
}

/** For terminals that know no more: every other character by its number. */
export function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, character => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
