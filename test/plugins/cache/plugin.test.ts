import {expect, onTestFinished, test} from 'vitest'
import {resolveConfig} from '../../../src/config/resolve.js'
import type {ConfigInput} from '../../../src/config/schema.js'
import {createTestServer} from '../../../src/ops/create-test-server.js'
import {ManualClock} from '../../helpers/manual-clock.js'
import {until} from '../../helpers/until.js'

async function cachedServer(options: ConfigInput = {}) {
  const clock = new ManualClock()
  const logged: [fields: object, message: string][] = []
  const note = (fields: object, message: string) => void logged.push([fields, message])
  const log = {debug: note, info: note, warn: note, error: note}
  const {server, close} = await createTestServer({plugins: ['cache'], ...options}, {clock, log})
  onTestFinished(close)
  return {server, clock, logged}
}

const turn = () => new Promise(resolve => setImmediate(resolve))

test('the cache is there for who embeds a server, with its configuration', async () => {
  const {server, clock} = await cachedServer({cache: {ttlMs: 50, policy: 'lru', l1Entries: 5}})
  server.cache.set('k', {a: 1})
  expect(server.cache.get('k')).toEqual({a: 1})
  expect(server.cache.stats()).toMatchObject({policy: 'lru', l1Limit: 5, compression: 'brotli', l1Hits: 1})
  clock.advance(50)
  await turn()
  expect(server.cache.get('k')).toBeUndefined()
})

test('without the plugin there is none, and it comes and goes with it', async () => {
  const {server} = await cachedServer({plugins: []})
  expect(() => server.cache).toThrow(expect.objectContaining({code: 'plugin_disabled'}))
})

test('a sweep goes through it once a minute, and says so', async () => {
  const {server, clock, logged} = await cachedServer({cache: {ttlMs: 100}})
  server.cache.set('k', 1)
  clock.advance(60_000)
  await until(() => logged.some(([, message]) => message === 'expired entries were removed'), 'the sweep')
  expect(server.cache.stats()).toMatchObject({l1Size: 0, evictions: {expired: 1}})
  const [fields] = logged.find(([, message]) => message === 'expired entries were removed') ?? []
  expect(fields).toMatchObject({removed: 1, l1Size: 0, l2Size: 0, hitRatePercent: 0, durationMs: expect.any(Number)})
})

test('a changed configuration applies while it runs, and leaves what an operator resized', async () => {
  const {server} = await cachedServer()
  for (let index = 0; index < 100; index += 1) server.cache.set(`k:${index}`, index)
  server.cache.resize({l2Entries: 50})
  server.applyConfig(resolveConfig({cache: {l1Entries: 10, policy: 'lru'}}).config)
  expect(server.cache.stats()).toMatchObject({l1Limit: 10, l1Size: 10, l2Limit: 50, l2Size: 50, policy: 'lru'})
})

test('what it keeps is given up with the plugin', async () => {
  const {server} = await cachedServer()
  server.cache.set('k', 1)
  await server.disablePlugin('cache')
  expect(() => server.cache).toThrow(expect.objectContaining({code: 'plugin_disabled'}))
})
