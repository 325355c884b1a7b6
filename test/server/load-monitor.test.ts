import {setTimeout as pause} from 'node:timers/promises'
import {expect, onTestFinished, test} from 'vitest'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {LoadMonitor} from '../../src/server/load-monitor.js'

const STALL_MS = 300

function block(durationMs: number): void {
  const endMs = performance.now() + durationMs
  while (performance.now() < endMs);
}

function monitor(maxMemoryMb = 100_000): LoadMonitor {
  const load = new LoadMonitor({maxMemoryMb})
  onTestFinished(() => load.close())
  return load
}

test('a stand-still shows whenever it begins and ends', async () => {
  await using world = await createTestServer()
  for (const offsetMs of [0, 300, 600, 900]) {
    const shown = expect.poll(() => world.server.eventLoopDelayP99Ms, {timeout: 3000, interval: 20})
    await shown.toBeLessThan(STALL_MS * 0.7)
    await pause(offsetMs)
    block(STALL_MS)
    await expect
      .poll(() => world.server.eventLoopDelayP99Ms, {timeout: 3000, interval: 20})
      .toBeGreaterThan(STALL_MS * 0.7)
  }
}, 30_000)

test('three slow windows in a row are an overload, and one that is not ends it', async () => {
  const load = monitor()
  for (const expected of [null, null, 'event_loop', 'event_loop']) {
    block(STALL_MS)
    await pause(30)
    load.sample()
    expect(load.overload).toBe(expected)
  }
  await pause(30)
  load.sample()
  await expect.poll(() => load.overload).toBe(null)
})

test('memory near the limit is an overload', () => {
  const usedMb = process.memoryUsage.rss() / 1e6
  expect(monitor(usedMb * 10).overload).toBe(null)
  expect(monitor(usedMb).overload).toBe('memory')
})
