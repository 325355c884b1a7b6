import {describe, expect, test} from 'vitest'
import {KeyRecorder} from '../../../src/plugins/cache/key-recorder.js'
import {cacheWorld} from './cache-world.js'

describe('a trace', () => {
  test.each([10, 1024, 5000])('of at most %d reads keeps the latest, oldest first', maxReads => {
    const all = Array.from({length: 2 * maxReads + 7}, (_, index) => `key:${index % 911}`)
    const [long, short] = [new KeyRecorder(1_000_000, 5), new KeyRecorder(maxReads, 5)]
    for (const key of all) {
      long.note(key)
      short.note(key)
    }
    expect(short.status()).toEqual({isRunning: true, reads: maxReads, dropped: maxReads + 7, maxReads})
    expect(short.take()).toEqual({hashes: long.take().hashes.slice(-maxReads), dropped: maxReads + 7})
  })

  test('tells keys apart, and is different each time', () => {
    const keys = Array.from({length: 50_000}, (_, index) => `room:${index}`)
    const hashesOf = (salt?: number) => {
      const recorder = new KeyRecorder(100_000, salt)
      for (const key of keys) recorder.note(key)
      return recorder.take().hashes
    }
    expect(new Set(hashesOf(1)).size).toBeGreaterThan(keys.length - 5)
    expect(hashesOf(1)).toEqual(hashesOf(1))
    expect(hashesOf()).not.toEqual(hashesOf())
  })

  test('has the reads of a cache while it runs, hits and misses alike', () => {
    const {cache} = cacheWorld()
    expect(cache.trace.status()).toEqual({isRunning: false, reads: 0, dropped: 0, maxReads: 0})
    expect(cache.trace.stop()).toBeUndefined()
    cache.trace.start(100)
    cache.set('a', 1)
    for (const key of ['a', 'b', 'a']) cache.get(key)
    cache.peek('a')
    const {hashes} = cache.trace.stop() ?? {hashes: new Uint32Array()}
    expect(hashes).toHaveLength(3)
    expect(hashes[0]).toBe(hashes[2])
    cache.get('a')
    expect(cache.trace.stop()).toBeUndefined()
    for (const bad of [0, 1.5, 10_000_001, Number.NaN]) {
      expect(() => cache.trace.start(bad)).toThrow(expect.objectContaining({code: 'usage'}))
    }
  })
})
