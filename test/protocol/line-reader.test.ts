import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {LineReader} from '../../src/protocol/line-reader.js'
import {byteByByte, cutAt, readFrames} from '../helpers/read-frames.js'

const MAX_BYTES = 64

const read = (chunks: Iterable<Buffer>, maxFrameBytes = MAX_BYTES) => readFrames(new LineReader(maxFrameBytes), chunks)

const STREAM = Buffer.from('{"a":1}\n{"b":"héllo"}\r\n\n  \n{"c":"日本語 😀"}\n\r\n{"d":4}\n')
const FRAMES = ['{"a":1}', '{"b":"héllo"}\r', '{"c":"日本語 😀"}', '{"d":4}']

describe('however the bytes arrive, the lines are the same', () => {
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
    const line = fc.string({unit: 'grapheme', maxLength: 12}).map(text => JSON.stringify({text}))
    fc.assert(
      fc.property(fc.array(line, {maxLength: 6}), fc.array(fc.nat(200), {maxLength: 8}), (lines, cuts) => {
        const bytes = Buffer.from(lines.map(text => `${text}\n`).join(''))
        const edges = [0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end))
        expect(read(chunks, 1000)).toEqual(lines)
      }),
    )
  })

  test('a chunk pushed before the last one was used up comes after it', () => {
    const reader = new LineReader(MAX_BYTES)
    reader.push(Buffer.from('one\ntwo\nth'))
    expect(reader.next()).toBe('one')
    reader.push(Buffer.from('ree\nfour'))
    expect(readFrames(reader, [Buffer.from('\n')])).toEqual(['two', 'three', 'four'])
  })

  test('the same with more than ASCII', () => {
    const reader = new LineReader(MAX_BYTES)
    reader.push(Buffer.from('é1\né2\né'))
    expect(reader.next()).toBe('é1')
    reader.push(Buffer.from('3\né4\n'))
    expect(readFrames(reader, [Buffer.alloc(0)])).toEqual(['é2', 'é3', 'é4'])
  })
})

describe('what lies between the lines', () => {
  test.for([
    ['nothing but newlines', '\n\n\n', []],
    ['ten thousand blank lines', '\n'.repeat(10_000), []],
    ['spaces and tabs', ' \n\t\n \t \r\n', []],
    ['a carriage return alone, which ends no line', '{"a":\r1}\n', ['{"a":\r1}']],
    ['a NUL, which is part of its line', '\0\n', ['\0']],
    ['a byte order mark alone, which is blank', '\ufeff\n', []],
    ['a byte order mark before a line, which stays part of it', '\ufeff{}\n', ['\ufeff{}']],
    ['a line separator, which ends no line', '"a\u2028b"\n', ['"a\u2028b"']],
  ] as const)('%s', ([, text, frames]) => {
    expect(read([Buffer.from(text)])).toEqual(frames)
    expect(read(byteByByte(Buffer.from(text)))).toEqual(frames)
  })
})

describe('bytes that are no UTF-8', () => {
  test.for([
    ['a byte that never occurs', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a sequence that is cut off', [0xe6, 0x97]],
    ['a continuation without a start', [0x80]],
    ['a code point beyond the last', [0xf4, 0x90, 0x80, 0x80]],
  ] as const)('%s is told, and the lines around it are fine', ([, bytes]) => {
    const stream = Buffer.concat([Buffer.from('{"a":1}\n"'), Buffer.from(bytes), Buffer.from('"\n{"b":2}\n')])
    const expected = ['{"a":1}', 'bad_utf8', '{"b":2}']
    for (let at = 0; at <= stream.length; at += 1) expect(read(cutAt(stream, at))).toEqual(expected)
    expect(read(byteByByte(stream))).toEqual(expected)
  })
})

describe('the limit', () => {
  const line = (length: number, letter = 'x') => Buffer.from(`${letter.repeat(length)}\n`)

  test.for([
    ['in one chunk', (bytes: Buffer) => [bytes]],
    ['one byte a chunk', byteByByte],
    ['with its newline in a chunk of its own', (bytes: Buffer) => cutAt(bytes, bytes.length - 1)],
    ['behind another line', (bytes: Buffer) => [Buffer.concat([Buffer.from('a\n'), bytes])]],
    ['behind a line with more than ASCII', (bytes: Buffer) => [Buffer.concat([Buffer.from('é\n'), bytes])]],
  ] as const)('holds %s', ([, chunk]) => {
    expect(read(chunk(line(MAX_BYTES))).at(-1)).toBe('x'.repeat(MAX_BYTES))
    expect(read(chunk(line(MAX_BYTES + 1))).at(-1)).toBe('too_large')
  })

  test('counts bytes, not characters', () => {
    expect(read([line(MAX_BYTES / 2, 'é')])).toEqual(['é'.repeat(MAX_BYTES / 2)])
    expect(read([line(MAX_BYTES / 2 + 1, 'é')])).toEqual(['too_large'])
  })

  test('is not waited out: the first byte too many ends it, newline or not', () => {
    const reader = new LineReader(MAX_BYTES)
    expect(readFrames(reader, byteByByte(Buffer.alloc(MAX_BYTES, 'x')))).toEqual([])
    expect(readFrames(reader, [Buffer.from('x')])).toEqual(['too_large'])
    expect(read([Buffer.alloc(MAX_BYTES + 1, 'x')])).toEqual(['too_large'])
  })

  test('may change between two lines of one chunk', () => {
    const reader = new LineReader(4)
    reader.push(Buffer.from('1234\n12345678\n123456789\n'))
    expect(reader.next()).toBe('1234')
    reader.maxFrameBytes = 8
    expect(reader.next()).toBe('12345678')
    expect([reader.next(), reader.interruption]).toEqual([null, 'too_large'])
  })
})

test('an unfinished line is told as such, whatever it consists of', () => {
  const reader = new LineReader(MAX_BYTES)
  for (const [text, isPartial] of [
    ['{', true],
    ['}', true],
    ['\n', false],
    [' ', true],
    ['\n\n', false],
    ['é', true],
    ['\n{}\n{', true],
  ] as const) {
    readFrames(reader, [Buffer.from(text)])
    expect(reader.hasPartialFrame, JSON.stringify(text)).toBe(isPartial)
  }
})

test('the size of a frame is that on the wire, without the newline', () => {
  const reader = new LineReader(MAX_BYTES)
  reader.push(Buffer.from('{}\n"é"\r\n'))
  reader.next()
  expect(reader.sizeBytes).toBe(2)
  reader.next()
  expect(reader.sizeBytes).toBe(5)
})
