import {render} from 'ink-testing-library'
import {expect, onTestFinished, test} from 'vitest'
import {CacheScreen} from '../../../../src/tui/ink/cache/CacheScreen.js'
import {ratesBetween} from '../../../../src/tui/model/cache-view.js'
import {until} from '../../../helpers/until.js'
import {cacheWorld} from '../../../plugins/cache/cache-world.js'

const look = {isColored: false, isUtf8: false}

function show() {
  const world = cacheWorld()
  let left = false
  let isDown = false
  const poll = async () => {
    if (isDown) throw new Error('nobody answers')
    return world.cache.stats()
  }
  let nowMs = 0
  const clock = () => {
    nowMs += 1000
    return nowMs
  }
  const onLeave = () => {
    left = true
  }
  const screen = render(<CacheScreen poll={poll} intervalMs={5} nowMs={clock} look={look} onLeave={onLeave} />)
  onTestFinished(() => screen.unmount())
  return {
    ...world,
    screen,
    frame: () => screen.lastFrame() ?? '',
    hasLeft: () => left,
    fail: (down: boolean) => {
      isDown = down
    },
  }
}

test('the live view has bars and what happens now, keeps the last numbers when nobody answers, and q leaves', async () => {
  const {cache, frame, screen, hasLeft, fail} = show()
  await until(() => frame().includes('L1 entries'), 'the first numbers')
  for (let index = 0; index < 4; index += 1) cache.set(`k:${index}`, index)
  await until(() => /L1 entries {2}#+\.+ 4 of 8/.test(frame()), 'a bar that is half full')
  expect(frame()).toMatch(/hits now {4}\.+ no reads/)
  for (const key of ['k:0', 'k:1', 'k:2', 'x']) cache.get(key)
  await until(() => frame().includes('75 % of 4 reads'), 'the hit rate')
  fail(true)
  await until(() => frame().includes('nobody answers'), 'the problem')
  expect(frame()).toContain('75 % of 4 reads')
  fail(false)
  await until(() => !frame().includes('nobody answers'), 'the problem to go')
  screen.stdin.write('q')
  await until(hasLeft, 'the end')
})

test('rates are what happened by the time it took, and none are told over a restart', () => {
  const {cache} = cacheWorld()
  const before = cache.stats()
  cache.set('k', 1)
  for (const key of ['k', 'k', 'k', 'x']) cache.get(key)
  expect(ratesBetween(before, cache.stats(), 2000)).toEqual({
    readsPerSecond: 2,
    writesPerSecond: 0.5,
    evictionsPerSecond: 0,
    hitRatePercent: 75,
    l1Percent: 75,
    l2Percent: 0,
  })
  expect(ratesBetween(cache.stats(), before, 2000)).toBeNull()
})
