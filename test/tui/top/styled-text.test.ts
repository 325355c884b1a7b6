import {expect, test} from 'vitest'
import {
  dropColumns,
  fitLine,
  foreignText,
  padCell,
  span,
  spreadLine,
  takeColumns,
} from '../../../src/tui/top/styled-text.js'
import {textOf} from './top-world.js'

test('a line is cut or filled to its width, wide characters included', () => {
  expect(textOf(fitLine([span('abc'), span('def')], 4))).toBe('abc~')
  expect(textOf(fitLine([span('ab')], 4))).toBe('ab  ')
  expect(textOf(fitLine([span('日本語')], 5))).toBe('日本…')
  expect(textOf(fitLine([span('日本語')], 4))).toBe('日… ')
  expect(padCell('12', 4, 'right')).toBe('  12')
  expect(padCell('abcdef', 3)).toBe('ab~')
})

test('what lies over a line leaves its ends in place', () => {
  const line = [span('a日b'), span('cd')]
  expect(textOf(takeColumns(line, 2))).toBe('a')
  expect(textOf(dropColumns(line, 2))).toBe(' bcd')
  expect(textOf(dropColumns(line, 3))).toBe('bcd')
})

test('the right end gives way', () => {
  expect(textOf(spreadLine([span('left')], [span('right')], 12))).toBe('left   right')
  expect(textOf(spreadLine([span('left')], [span('right')], 9))).toBe('left     ')
})

test('text of others keeps what every terminal draws alike', () => {
  expect(foreignText('Zoë 日本 \u001b[2J', true)).toBe('Zoë 日本 \\u001b[2J')
  expect(foreignText('a🎮b⌚e\u0301', true)).toBe('a□b□é')
  expect(foreignText('Zoë', false)).toBe('Zo\\u{eb}')
})
