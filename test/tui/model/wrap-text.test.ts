import fc from 'fast-check'
import {expect, test} from 'vitest'
import {fitText, wrapText} from '../../../src/tui/model/wrap-text.js'
import {splitGraphemes, textColumns} from '../../../src/util/text-columns.js'

test.each([
  ['one two three', 8, ['one two', 'three']],
  ['one two three', 7, ['one two', 'three']],
  ['onetwothree', 4, ['onet', 'woth', 'ree']],
  ['a onetwothree', 5, ['a', 'onetw', 'othre', 'e']],
  ['日本語 です', 6, ['日本語', 'です']],
  ['日本語', 5, ['日本', '語']],
  ['日', 1, ['日']],
  ['', 5, ['']],
  ['a  b', 2, ['a ', 'b']],
])('%j in %d columns', (text, columns, rows) => {
  expect(wrapText(text, columns)).toEqual(rows)
})

test('no row is too wide, and nothing but spaces is lost', () => {
  const texts = fc.string({unit: fc.constantFrom('a', 'bc', ' ', '日', '😀', 'e\u0301'), maxLength: 80})
  fc.assert(
    fc.property(texts, fc.integer({min: 2, max: 30}), (text, columns) => {
      const rows = wrapText(text, columns)
      for (const row of rows) expect(textColumns(row)).toBeLessThanOrEqual(columns)
      expect(rows.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
    }),
  )
})

test.each([
  ['hello', 5, 'hello'],
  ['hello', 4, 'hel~'],
  ['日本語', 5, '日本~'],
  ['日本語', 4, '日~'],
  ['hello', 1, ''],
])('%j cut to %d columns', (text, columns, cut) => {
  expect(fitText(text, columns, '~')).toBe(cut)
})

test('a family is one character', () => {
  expect(splitGraphemes('a👩‍👩‍👧b')).toEqual(['a', '👩‍👩‍👧', 'b'])
})
