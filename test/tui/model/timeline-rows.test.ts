import {describe, expect, test} from 'vitest'
import {addLine, type LineKind, startConversation} from '../../../src/tui/model/conversation.js'
import {countRows, type TimelineRow, timelineRows} from '../../../src/tui/model/timeline-rows.js'
import {textColumns} from '../../../src/util/text-columns.js'

const atMs = new Date(2026, 10, 23, 9, 5).getTime()
const options = {columns: 80, rows: 20, scrolledBy: 0, currentRoomId: 7, isUtf8: true}
const shown = ({time, mark, author, text}: TimelineRow) => `${time}${mark}${author}${text}`

function linesOf(...lines: Array<[kind: LineKind, text: string, author?: string, roomId?: number]>) {
  return lines.reduce(
    (conversation, [kind, text, name, roomId = 7]) =>
      addLine(conversation, {kind, text, atMs, roomId, author: name === undefined ? null : {userId: 3, name}}),
    startConversation(2),
  ).lines
}

test('every kind of line has its mark, so that colour is not needed', () => {
  const lines = linesOf(
    ['chat', 'hi', 'Bob'],
    ['own', 'hello', 'Ann'],
    ['joined', 'Cleo joined'],
    ['left', 'Bob left'],
    ['game', 'tictactoe'],
    ['notice', 'news'],
    ['error', 'oh'],
    ['status', 'back'],
    ['info', 'help'],
  )
  expect(timelineRows(lines, options).map(shown)).toEqual([
    '09:05   Bob: hi',
    '09:05 > you: hello',
    '09:05 + Cleo joined',
    '09:05 - Bob left',
    '09:05 * tictactoe',
    '09:05 # news',
    '09:05 ! oh',
    '09:05 = back',
    '09:05   help',
  ])
})

test('a user who is called "you" does not get the mark', () => {
  expect(timelineRows(linesOf(['chat', 'hi', 'you']), options).map(shown)).toEqual(['09:05   you: hi'])
})

test('long lines hang below their text', () => {
  const rows = timelineRows(linesOf(['chat', 'one two three four five', 'Bob']), {...options, columns: 30})
  expect(rows.map(shown)).toEqual(['09:05   Bob: one two three', '        four five'])
})

test('lines of other rooms say which', () => {
  const rows = timelineRows(linesOf(['chat', 'hi', 'Bob', 8], ['joined', 'Bob joined']), options)
  expect(rows.map(shown)).toEqual(['09:05   [8] Bob: hi', '09:05 + Bob joined'])
})

describe('in any width', () => {
  const text = 'a message of some length, 日本語 too, and onewordthatislongerthanarowonasmallterminalcanbeatall'
  const lines = linesOf(['chat', text, 'A name of thirty-two characters!'], ['own', text, 'Ann'], ['error', text])
  test.each([10, 20, 29, 30, 40, 80, 200])('%d columns hold every row', columns => {
    for (const row of timelineRows(lines, {...options, columns, rows: 1_000})) {
      expect(textColumns(shown(row))).toBeLessThanOrEqual(columns)
    }
  })
})

test('without UTF-8 only ASCII is left', () => {
  const rows = timelineRows(linesOf(['chat', 'grüß 日', 'Zoë']), {...options, isUtf8: false})
  expect(rows.map(shown)).toEqual(['09:05   Zo\\u{eb}: gr\\u{fc}\\u{df} \\u{65e5}'])
})

test('the last rows are shown, or those before when scrolled', () => {
  const lines = linesOf(...Array.from({length: 30}, (_, index): ['info', string] => ['info', String(index)]))
  const texts = (scrolledBy: number) => timelineRows(lines, {...options, rows: 3, scrolledBy}).map(({text}) => text)
  expect(texts(0)).toEqual(['27', '28', '29'])
  expect(texts(2)).toEqual(['25', '26', '27'])
  expect(texts(28)).toEqual(['0', '1'])
  expect(countRows(lines, options)).toBe(30)
})
