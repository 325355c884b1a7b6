import stringWidth from 'string-width'
import {describe, expect, test} from 'vitest'
import {cutToWidth, renderTable} from '../../src/render/table.js'

const plain = {isTerminal: false, hasColor: false, columns: Number.POSITIVE_INFINITY}
const columns = [{title: 'NAME'}, {title: 'COUNT', align: 'right'}, {title: 'NOTE'}] as const

test('columns are as wide as what stands in them, numbers to the right, nothing trailing', () => {
  expect(
    renderTable(
      columns,
      [
        ['a', '1', 'x'],
        ['longer', '1000000', ''],
      ],
      plain,
    ),
  ).toBe(['NAME      COUNT  NOTE', 'a             1  x', 'longer  1000000'].join('\n'))
})

test('a table without rows is its title', () => {
  expect(renderTable(columns, [], plain)).toBe('NAME  COUNT  NOTE')
})

test('wide and combined characters keep the columns straight', () => {
  const names = ['日本語', 'e\u0301e', '👨‍👩‍👧'.replaceAll('\u200d', ''), 'plain']
  const lines = renderTable(
    [{title: 'N'}, {title: 'X'}],
    names.map(name => [name, '|']),
    plain,
  )
    .split('\n')
    .slice(1)
  expect(new Set(lines.map(line => stringWidth(line))).size).toBe(1)
})

test('control characters of clients are shown, not sent', () => {
  expect(renderTable([{title: 'N'}], [['a\u001b[31m\nb']], plain)).toBe('N\na\\u001b[31m\\u000ab')
})

test('only the title is bold, and only in colour', () => {
  expect(renderTable([{title: 'N'}], [['a']], {...plain, hasColor: true})).toBe('\u001b[1mN\u001b[22m\na')
})

describe('a narrow terminal', () => {
  test.for([20, 30, 40, 80, 500])('of %i columns is not overrun', width => {
    const rows = [['name'.repeat(20), '12345', '日本'.repeat(30)]]
    const lines = renderTable(columns, rows, {isTerminal: true, hasColor: false, columns: width}).split('\n')
    expect(Math.max(...lines.map(line => stringWidth(line)))).toBeLessThanOrEqual(Math.max(width, 8 + 2 + 5 + 2 + 8))
  })

  test.for([1, 2])('of %i columns does no harm', width => {
    expect(renderTable(columns, [['a', 'b', 'c']], {isTerminal: true, hasColor: false, columns: width})).toContain('a')
  })
})

test.for([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ['abc', 1, '…'],
] as const)('%s cut to %i columns is %s', ([text, width, cut]) => {
  expect(cutToWidth(text, width)).toBe(cut)
})
