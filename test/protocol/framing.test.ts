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

test.for(['ndjson', 'length-prefixed'] as const)(
  'what a reader keeps outlives the memory it was pushed in, wherever pulling stops (%s)',
  framing => {
    const texts = fc.array(fc.string({unit: 'grapheme', maxLength: 20}), {maxLength: 12})
    const sizes = fc.array(fc.record({bytes: fc.integer({min: 1, max: 60}), pulls: fc.nat(4)}), {minLength: 1})
    fc.assert(
      fc.property(texts, sizes, (words, steps) => {
        const frames = words.map(text => JSON.stringify({text}))
        const lines = Buffer.from(frames.map(text => `${text}\n`).join(''))
        const bytes = framing === 'ndjson' ? lines : linesToPrefixed(lines)
        const reader = createFrameReader(framing, 1000)
        const memory = Buffer.alloc(60)
        const got: (string | null)[] = []
        for (let at = 0, step = 0; at < bytes.length; step += 1) {
          const {bytes: size, pulls} = steps[step % steps.length] as {bytes: number; pulls: number}
          const end = Math.min(at + size, bytes.length)
          bytes.copy(memory, 0, at, end)
          reader.push(memory.subarray(0, end - at))
          for (let pull = 0; pull < pulls; pull += 1) got.push(reader.next())
          reader.keepRest()
          memory.fill('\n')
          at = end
        }
        for (let text = reader.next(); text !== null; text = reader.next()) got.push(text)
        expect(got.filter(text => text !== null)).toEqual(frames)
      }),
    )
  },
)
