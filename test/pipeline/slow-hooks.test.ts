import {expect, test} from 'vitest'
import {SlowHooks} from '../../src/pipeline/slow-hooks.js'

const hook = (plugin: string) => ({plugin, hook: 'beforeMessage', durationMs: 2}) as const

test('each frame takes its own, once', () => {
  const slow = new SlowHooks()
  const [one, other] = [{}, {}]
  expect([slow.isEmpty, slow.take(one)]).toEqual([true, null])
  slow.note(one, hook('a'))
  slow.note(other, hook('b'))
  slow.note(one, hook('c'))
  expect(slow.take(one)).toEqual([hook('a'), hook('c')])
  expect(slow.take(one)).toBe(null)
  expect(slow.isEmpty).toBe(false)
  expect(slow.take(other)).toEqual([hook('b')])
  expect(slow.isEmpty).toBe(true)
})

test('what nobody takes gives way', () => {
  const slow = new SlowHooks()
  const first = {}
  slow.note(first, hook('a'))
  for (let count = 0; count < 64; count += 1) slow.note({}, hook('b'))
  expect(slow.take(first)).toBe(null)
})
