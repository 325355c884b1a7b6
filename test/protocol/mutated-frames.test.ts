import {expect, test} from 'vitest'
import {createFrameReader} from '../../src/protocol/framing.js'
import {MessageParser} from '../../src/protocol/message-parser.js'
import {parseProxyHeader} from '../../src/protocol/proxy-header.js'
import {prefixed} from '../helpers/read-frames.js'

const MUTATIONS = 200_000
const MAX_FRAME_BYTES = 128

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const SEEDS = [
  '{"type":"hello","userId":7,"nickname":"ann 😀","token":"x.y.z","protocol":1}',
  '{"type":"join_room","roomId":7,"seq":1}',
  '{"type":"chat","roomId":4294967295,"message":"héllo \\ud83d\\ude00","seq":9007199254740991}',
  '{"type":"list_rooms","limit":100}',
  '{"type":"game_start","roomId":7,"game":"relay","options":{"a":[1,{"b":null}]}}',
  '{"type":"game_action","roomId":7,"action":[[[{"x":1e3}]]]}',
  '{"type":"game_end","roomId":7,"winner":7}',
]
const PIECES = [
  '"__proto__":',
  '1e999',
  '\\ud800',
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  '\n',
  '\r',
  '\0',
  'null',
  '-',
  '"type":',
]

class Mutator {
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item
  }

  /** A copy with one to three changes. */
  mutate(bytes: Buffer): Buffer {
    let mutated = bytes
    for (let change = this.below(3); change >= 0; change -= 1) mutated = this.#change(mutated)
    return mutated
  }

  #change(bytes: Buffer): Buffer {
    const at = this.below(bytes.length + 1)
    const end = Math.min(bytes.length, at + this.below(8))
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(end)]
    switch (this.below(4)) {
      case 0:
        return Buffer.concat([before, Buffer.of(this.below(256)), bytes.subarray(at)])
      case 1:
        return Buffer.concat([before, after])
      case 2:
        return Buffer.concat([before, Buffer.from(this.pick(PIECES)), after])
      default:
        return Buffer.concat([before, bytes.subarray(at, end), bytes.subarray(at, end), after])
    }
  }
}

test.for(['ndjson', 'length-prefixed'] as const)('no stream of broken frames makes anything throw (%s)', framing => {
  const mutator = new Mutator(seededRandom(20_260_105))
  const parser = new MessageParser({maxDepth: 16, maxKeys: 64, maxChatCharacters: 100})
  const seeds = SEEDS.map(text => (framing === 'ndjson' ? Buffer.from(`${text}\n`) : prefixed(text)))
  let reader = createFrameReader(framing, MAX_FRAME_BYTES)
  const counts = {messages: 0, problems: 0, bad_utf8: 0, too_large: 0, bad_length: 0}
  for (let index = 0; index < MUTATIONS / 2; index += 1) {
    reader.push(mutator.mutate(mutator.pick(seeds)))
    for (;;) {
      const text = reader.next()
      if (text !== null) {
        expect(text.length).toBeLessThanOrEqual(MAX_FRAME_BYTES)
        counts[parser.parse(text) === null ? 'problems' : 'messages'] += 1
        continue
      }
      const {interruption} = reader
      if (interruption === 'incomplete') break
      counts[interruption] += 1
      if (interruption !== 'bad_utf8') {
        reader = createFrameReader(framing, MAX_FRAME_BYTES)
        break
      }
    }
  }
  // Else the mutations were too tame, or too wild, to have tested anything.
  expect(counts.messages).toBeGreaterThan(1000)
  expect(counts.problems).toBeGreaterThan(1000)
  expect(counts.bad_utf8).toBeGreaterThan(100)
  expect(counts.too_large).toBeGreaterThan(framing === 'ndjson' ? 0 : 1000)
})

test('no broken proxy header makes anything throw, and none is longer than its bytes', () => {
  const mutator = new Mutator(seededRandom(20_260_106))
  const seeds = [
    Buffer.from('PROXY TCP4 203.0.113.9 127.0.0.1 8080 7000\r\n'),
    Buffer.from('PROXY TCP6 2001:db8::5 ::1 8080 7000\r\n'),
    Buffer.from('0d0a0d0a000d0a515549540a2111000ccb007109' + '7f0000011f901b58', 'hex'),
  ]
  const kinds = {complete: 0, incomplete: 0, invalid: 0}
  for (let index = 0; index < 20_000; index += 1) {
    const bytes = mutator.mutate(mutator.pick(seeds))
    const header = parseProxyHeader(bytes)
    kinds[header.kind] += 1
    if (header.kind === 'complete') expect(header.sizeBytes).toBeLessThanOrEqual(bytes.length)
  }
  for (const count of Object.values(kinds)) expect(count).toBeGreaterThan(100)
})
