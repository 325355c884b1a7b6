import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {PrefixReader} from '../../src/protocol/prefix-reader.js'
import {byteByByte, cutAt, prefixed, readFrames} from '../helpers/read-frames.js'

const MAX_BYTES = 64

const read = (chunks: Iterable<Buffer>, maxFrameBytes = MAX_BYTES) =>
  readFrames(new PrefixReader(maxFrameBytes), chunks)

const FRAMES = ['{"a":1}', '{"b":"héllo"}', ' ', '{"c":"日本語 😀"}', '{"d":\n4}']
const STREAM = Buffer.concat(FRAMES.map(text => prefixed(text)))

describe('however the bytes arrive, the frames are the same', () => {
  test('in one chunk', () => {
    expect(read([STREAM])).toEqual(FRAMES)
  })

  test('in two chunks, cut at every offset', () => {
    for (let at = 0; at <= STREAM.length; at += 1) expect(read(cutAt(STREAM, at)), `cut at ${at}`).toEqual(FRAMES)
  })

  test('one byte a chunk', () => {
    expect(read(byteByByte(STREAM))).toEqual(FRAMES)
  })

  test('any text in any chunks', () => {
    const text = fc.string({unit: 'grapheme', minLength: 1, maxLength: 12})
    fc.assert(
      fc.property(fc.array(text, {maxLength: 6}), fc.array(fc.nat(200), {maxLength: 8}), (texts, cuts) => {
        const bytes = Buffer.concat(texts.map(one => prefixed(one)))
        const edges = [0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end))
        expect(read(chunks, 1000)).toEqual(texts)
      }),
    )
  })

  test('a chunk pushed before the last one was used up comes after it', () => {
    const reader = new PrefixReader(MAX_BYTES)
    const stream = Buffer.concat([prefixed('one'), prefixed('two'), prefixed('three')])
    reader.push(stream.subarray(0, 16))
    expect(reader.next()).toBe('one')
    reader.push(stream.subarray(16))
    expect(readFrames(reader, [Buffer.alloc(0)])).toEqual(['two', 'three'])
  })
})

test.for([
  ['a byte that never occurs', [0xff]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['a sequence that is cut off', [0xe6, 0x97]],
] as const)('%s is no UTF-8, and the frames around it are fine', ([, bytes]) => {
  const stream = Buffer.concat([prefixed('{"a":1}'), prefixed(Buffer.from(bytes)), prefixed('{"b":2}')])
  const expected = ['{"a":1}', 'bad_utf8', '{"b":2}']
  for (let at = 0; at <= stream.length; at += 1) expect(read(cutAt(stream, at))).toEqual(expected)
  expect(read(byteByByte(stream))).toEqual(expected)
})

describe('the announced length', () => {
  test.for([
    [0, 'bad_length'],
    [1, undefined],
    [MAX_BYTES, undefined],
    [MAX_BYTES + 1, 'too_large'],
    [2 ** 31 - 1, 'too_large'],
    [2 ** 31, 'too_large'],
    [2 ** 32 - 1, 'too_large'],
  ] as const)('%i is judged before a byte of the body: %s', ([announcedBytes, verdict]) => {
    const prefix = prefixed('', announcedBytes)
    const expected = verdict === undefined ? [] : [verdict]
    expect(read([prefix])).toEqual(expected)
    expect(read(byteByByte(prefix))).toEqual(expected)
    expect(read([Buffer.concat([prefixed('{}'), prefix])])).toEqual(['{}', ...expected])
  })

  test('is measured by the limit of the moment', () => {
    const reader = new PrefixReader(2)
    reader.push(Buffer.concat([prefixed('{}'), prefixed('{"a":1}'), prefixed('{"a":12}')]))
    expect(reader.next()).toBe('{}')
    reader.maxFrameBytes = 7
    expect(reader.next()).toBe('{"a":1}')
    expect([reader.next(), reader.interruption]).toEqual([null, 'too_large'])
  })
})

test('an unfinished frame is told as such from the first byte of its length on', () => {
  const reader = new PrefixReader(MAX_BYTES)
  for (const [index, chunk] of byteByByte(prefixed('{"a":1}')).entries()) {
    readFrames(reader, [chunk])
    expect(reader.hasPartialFrame).toBe(index < 10)
  }
})

test('the size of a frame is that of its body', () => {
  const reader = new PrefixReader(MAX_BYTES)
  reader.push(prefixed('"é"'))
  reader.next()
  expect(reader.sizeBytes).toBe(4)
})
