import {describe, expect, test} from 'vitest'
import {
  type Edit,
  type EditedLine,
  editLine,
  emptyLine,
  enterLine,
  insertText,
  lineText,
  recallLine,
  visiblePart,
} from '../../../src/tui/model/line-editor.js'

const at = (before: string, after = ''): EditedLine => ({...emptyLine, before, after})
const shown = ({before, after}: EditedLine) => `${before}|${after}`

test.each<[string, string, Edit, string]>([
  ['ab', 'c', 'left', 'a|bc'],
  ['', 'c', 'left', '|c'],
  ['a', 'bc', 'right', 'ab|c'],
  ['a', '', 'right', 'a|'],
  ['ab', 'c', 'start', '|abc'],
  ['a', 'bc', 'end', 'abc|'],
  ['ab', 'c', 'erase-left', 'a|c'],
  ['', 'c', 'erase-left', '|c'],
  ['a', 'bc', 'erase-right', 'a|c'],
  ['one two  ', 'three', 'erase-word', 'one |three'],
  ['one', '', 'erase-word', '|'],
  ['ab', 'c', 'cut-left', '|c'],
  ['ab', 'c', 'cut-right', 'ab|'],
  ['a👩‍👩‍👧', '', 'erase-left', 'a|'],
  ['日本', '', 'left', '日|本'],
  ['e\u0301', '', 'left', '|e\u0301'],
])('%j|%j %s gives %j', (before, after, edit, result) => {
  expect(shown(editLine(at(before, after), edit))).toBe(result)
})

describe('what is typed or pasted', () => {
  test('goes in at the cursor; lines become one, and control characters stay out', () => {
    expect(shown(insertText(at('a', 'd'), 'b\r\nc\u001b[2J\u0007'))).toBe('ab c[2J|d')
  })

  test('has an end', () => {
    expect(lineText(insertText(at('', 'end'), 'x'.repeat(10_000)))).toHaveLength(4_000)
  })
})

describe('history', () => {
  const typed = ['one', 'two', 'two', '', 'three'].reduce((line, text) => enterLine(insertText(line, text)), emptyLine)

  test('goes back to what was entered and forth to what was being written', () => {
    const writing = insertText(typed, 'dra')
    const back = recallLine(writing, -1)
    expect(shown(back)).toBe('three|')
    const first = recallLine(recallLine(recallLine(back, -1), -1), -1)
    expect(shown(first)).toBe('one|')
    const forth = recallLine(recallLine(recallLine(first, 1), 1), 1)
    expect(shown(forth)).toBe('dra|')
    expect(shown(recallLine(forth, 1))).toBe('dra|')
  })

  test('keeps the last hundred', () => {
    let line = emptyLine
    for (let count = 0; count < 150; count += 1) line = enterLine(insertText(line, String(count)))
    expect(line.history).toHaveLength(100)
    expect(line.history.at(-1)).toBe('149')
  })
})

describe('the visible part', () => {
  test.each([
    ['hello', '', 10, 'hello', 5],
    ['hello', ' you', 10, 'hello you', 5],
    ['0123456789', '', 10, '123456789', 9],
    ['0123456789', 'abc', 10, '123456789a', 9],
    ['', '0123456789abc', 10, '0123456789', 0],
    ['日本語日本語', '', 10, '本語日本語'.slice(1), 8],
  ])('of %j|%j in %d columns', (before, after, columns, text, cursorColumn) => {
    expect(visiblePart(at(before, after), columns)).toEqual({text, cursorColumn})
  })
})
