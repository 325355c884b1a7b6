import {describe, expect, test} from 'vitest'
import {MIN_PAYLOAD_BYTES, Stamp, stampedText} from '../../../src/client/bench/stamp.js'

/** A frame as the server would send it on; `before` is what stands between `type` and the message. */
function echo(sender: number, sentUs: number, before = '"roomId":7,"userId":4000000001,', payloadBytes = 64): Buffer {
  const frame = Buffer.from(`{"type":"chat",${before}"message":"${stampedText(sender, payloadBytes)}","timestamp":1}`)
  const stamp = new Stamp(sender)
  stamp.write(frame, stamp.findIn(frame), sentUs)
  return frame
}

const ageOf = (stamp: Stamp, frame: Buffer, nowUs: number) => stamp.ageUs(frame, 0, frame.length, nowUs)

describe('a stamp', () => {
  test.for([0, 1, 35, 36, 999_999_999, 2 ** 41])('written at %i µs tells how old it is', sentUs => {
    expect(ageOf(new Stamp(3), echo(3, sentUs), sentUs + 250)).toBe(250)
  })

  test('is never from the future', () => {
    expect(ageOf(new Stamp(3), echo(3, 500), 499)).toBe(0)
  })

  test("tells one's own message from those of others, those that came before the first own one, too", () => {
    const stamp = new Stamp(12)
    const others = [echo(1, 100), echo(112, 100), echo(120, 100)]
    expect(others.map(frame => ageOf(stamp, frame, 200))).toEqual([-1, -1, -1])
    expect(ageOf(stamp, echo(12, 100), 200)).toBe(100)
    expect(others.map(frame => ageOf(stamp, frame, 200))).toEqual([-1, -1, -1])
  })

  test('is found in the middle of a read, and again where frames have grown', () => {
    const stamp = new Stamp(12)
    const [first, second] = [echo(12, 100), echo(12, 100, '"roomId":7,"userId":4000000001,"nickname":"Ann",')]
    const read = Buffer.concat([first, second])
    expect(stamp.ageUs(read, 0, first.length, 200)).toBe(100)
    expect(stamp.ageUs(read, first.length, read.length, 300)).toBe(200)
    expect(stamp.ageUs(read, 0, first.length, 400)).toBe(300)
  })

  test('of the last client of the largest load is no longer than others', () => {
    expect(stampedText(999_999, MIN_PAYLOAD_BYTES)).toHaveLength(MIN_PAYLOAD_BYTES)
  })
})

test.for([16, 17, 64, 1000, 65_536])('a message of %i bytes has that many, in plain letters', sizeBytes => {
  const text = stampedText(7, sizeBytes)
  expect(Buffer.byteLength(JSON.stringify(text))).toBe(sizeBytes + 2)
  expect(text).toMatch(/^~0000070{8}[a-z ,]*$/)
})
