import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {detectFraming} from '../../src/protocol/frame-reader.js'
import {createFrameReader, linesToPrefixed} from '../../src/protocol/framing.js'
import {prefixed, readFrames} from '../helpers/read-frames.js'

test('of all first bytes, six begin a conversation', () => {
  const framings = Array.from({length: 256}, (_, byte) => [byte, detectFraming(byte)] as const)
  expect(framings.filter(([, framing]) => framing !== null)).toEqual([
    [0x00, 'length-prefixed'],
    [0x09, 'ndjson'],
    [0x0a, 'ndjson'],
    [0x0d, 'ndjson'],
    [0x20, 'ndjson'],
    [0x7b, 'ndjson'],
  ])
})

describe('lines as length-prefixed frames', () => {
  test.for([
    ['nothing', '', []],
    ['one line', '{"a":1}\n', ['{"a":1}']],
    ['several lines', '{"a":1}\n{"b":"é😀"}\n{}\n', ['{"a":1}', '{"b":"é😀"}', '{}']],
  ] as const)('%s', ([, lines, frames]) => {
    expect(linesToPrefixed(Buffer.from(lines))).toEqual(Buffer.concat(frames.map(text => prefixed(text))))
  })

  test('both framings carry the same frames', () => {
    const frame = fc.json({maxDepth: 2}).map(json => json.replaceAll('\n', ' '))
    fc.assert(
      fc.property(fc.array(frame, {maxLength: 10}), frames => {
        const lines = Buffer.from(frames.map(text => `${text}\n`).join(''))
        const [fromLines, fromPrefixed] = [
          readFrames(createFrameReader('ndjson', 100_000), [lines]),
          readFrames(createFrameReader('length-prefixed', 100_000), [linesToPrefixed(lines)]),
        ]
        expect(fromPrefixed).toEqual(frames)
        expect(fromLines).toEqual(frames)
      }),
    )
  })
})
