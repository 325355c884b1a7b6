import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {FrameScanner} from '../../../src/client/bench/frame-scanner.js'
import {encodeFrame} from '../../../src/client/encode-frame.js'
import {MAX_SERVER_FRAME_BYTES} from '../../../src/protocol/limits.js'

/** Collects frames as text, chats apart from the others. */
function collector() {
  const frames: {kind: 'chat' | 'other'; text: string}[] = []
  const sink = {
    chat: (bytes: Buffer, start: number, end: number) => {
      frames.push({kind: 'chat', text: bytes.toString('utf8', start, end)})
    },
    other: (text: string) => {
      frames.push({kind: 'other', text})
    },
  }
  return {frames, sink}
}

const messages = fc.array(
  fc.oneof(
    fc.record({type: fc.constant('chat'), roomId: fc.integer({min: 1}), message: fc.string({unit: 'grapheme'})}),
    fc.record({type: fc.constantFrom('error', 'heartbeat', 'room_joined', 'chatter', 'c'), seq: fc.integer({min: 0})}),
  ),
  {maxLength: 8},
)

describe.for(['ndjson', 'length-prefixed'] as const)('of %s', framing => {
  test('frames come out whole and in order, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.integer({min: 1, max: 40}), {minLength: 1}), (sent, cuts) => {
        const {frames, sink} = collector()
        const scanner = new FrameScanner(framing, sink)
        const bytes = Buffer.concat(sent.map(message => encodeFrame(message, framing)))
        // One buffer for all reads, as with a socket that reads into its owner's.
        const shared = Buffer.alloc(64)
        let at = 0
        for (let turn = 0; at < bytes.length; turn += 1) {
          const size = Math.min(cuts[turn % cuts.length] as number, bytes.length - at)
          shared.fill(0x21)
          bytes.copy(shared, 0, at, at + size)
          expect(scanner.push(shared.subarray(0, size))).toBe(true)
          at += size
        }
        expect(frames).toEqual(
          sent.map(message => ({
            kind: message.type === 'chat' ? 'chat' : 'other',
            text: JSON.stringify(message),
          })),
        )
      }),
    )
  })

  test('a frame without an end is given up', () => {
    const {sink} = collector()
    const scanner = new FrameScanner(framing, sink)
    const endless = encodeFrame({type: 'x'.repeat(2 * MAX_SERVER_FRAME_BYTES)}, framing).subarray(0, -2)
    expect(scanner.push(endless.subarray(0, 1000))).toBe(true)
    expect(scanner.push(endless.subarray(1000))).toBe(false)
  })
})

test('a server that turns somebody away before it has heard a word is understood in both framings', () => {
  const {frames, sink} = collector()
  new FrameScanner('length-prefixed', sink).push(encodeFrame({type: 'goodbye', reason: 'server_full'}, 'ndjson'))
  expect(frames).toEqual([{kind: 'other', text: '{"type":"goodbye","reason":"server_full"}'}])
})
