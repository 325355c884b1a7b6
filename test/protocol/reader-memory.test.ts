import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {expect, test} from 'vitest'
import {createFrameReader} from '../../src/protocol/framing.js'
import {prefixed, readFrames} from '../helpers/read-frames.js'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Bytes that `make` leaves in use, as long as what it returns is held. */
function retainedBytes(make: () => unknown): number {
  const measure = () => {
    collectGarbage()
    const {heapUsed, external} = process.memoryUsage()
    return heapUsed + external
  }
  // Once before, so that compiled code and caches do not count.
  make()
  const before = measure()
  const held = make()
  const after = measure()
  expect(held).toBeDefined()
  return after - before
}

const SENT_BYTES = 60_000

test.for([
  ['ndjson', Buffer.alloc(SENT_BYTES, 'x')],
  ['length-prefixed', prefixed(Buffer.alloc(SENT_BYTES, 'x'), SENT_BYTES + 1)],
] as const)('bytes that trickle in one by one are kept in one buffer (%s)', ([framing, bytes]) => {
  const bytesKept = retainedBytes(() => {
    const reader = createFrameReader(framing, 100_000)
    // Each in memory of its own, as a socket would bring it.
    for (const byte of bytes) readFrames(reader, [Buffer.alloc(1, byte)])
    return reader
  })
  expect(bytesKept).toBeLessThan(3 * SENT_BYTES)
})

test.for(['ndjson', 'length-prefixed'] as const)('a frame that only announces itself takes no memory (%s)', framing => {
  const bytesKept = retainedBytes(() =>
    Array.from({length: 200}, () => {
      const reader = createFrameReader(framing, 100_000)
      readFrames(reader, [framing === 'ndjson' ? Buffer.from('{"type":"chat"') : prefixed('{', 99_999)])
      return reader
    }),
  )
  expect(bytesKept / 200).toBeLessThan(4096)
})

test.for(['ndjson', 'length-prefixed'] as const)('a reader without a frame under way holds none (%s)', framing => {
  const bytesKept = retainedBytes(() =>
    Array.from({length: 200}, (_, index) => {
      const reader = createFrameReader(framing, 100_000)
      const long = `"${String(index).padEnd(30_000, 'x')}"`
      const frames =
        framing === 'ndjson'
          ? Buffer.from(`${long}\n"long enough to be a slice"\n`)
          : Buffer.concat([prefixed('1'), prefixed(long)])
      readFrames(reader, [frames])
      return reader
    }),
  )
  expect(bytesKept / 200).toBeLessThan(4096)
})
