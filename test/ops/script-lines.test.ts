import {expect, test} from 'vitest'
import {scriptLines} from '../../src/ops/script-lines.js'

async function linesOf(chunks: Array<string | Buffer>, maxCharacters = 100) {
  async function* input() {
    yield* chunks
  }
  const lines: Array<[number, string | undefined]> = []
  for await (const {number, text} of scriptLines(input(), maxCharacters)) lines.push([number, text])
  return lines
}

test('lines are numbered, empty ones are counted but left out, and the last needs no end', async () => {
  expect(await linesOf(['a\n\n  \r\nb\r\nc'])).toEqual([
    [1, 'a'],
    [4, 'b'],
    [5, 'c'],
  ])
  expect(await linesOf([])).toEqual([])
  expect(await linesOf(['\n'])).toEqual([])
})

test('a line is whole wherever the bytes are split', async () => {
  const bytes = Buffer.from('grüß\n日本😀\n')
  for (let at = 0; at <= bytes.length; at += 1) {
    expect(await linesOf([bytes.subarray(0, at), bytes.subarray(at)])).toEqual([
      [1, 'grüß'],
      [2, '日本😀'],
    ])
  }
})

test('a line that is too long is told without its text, and the next one is fine', async () => {
  expect(await linesOf(['1234567890\n12345', '678901\n', 'x'.repeat(50), 'y\nok'], 10)).toEqual([
    [1, '1234567890'],
    [2, undefined],
    [3, undefined],
    [4, 'ok'],
  ])
})
