import {expect, test} from 'vitest'
import type {AdminRoute} from '../../src/contract/plugins.js'
import {GsError} from '../../src/errors.js'
import {plugin, pluginWorld, settle} from '../helpers/plugin-world.js'

async function worldWith(handler: AdminRoute['handler'], method: AdminRoute['method'] = 'GET') {
  const world = pluginWorld()
  await world.plugins.add(
    plugin('counter', host => host.admin.route({method, path: 'stats/all', summary: 'All counts.', handler})),
  )
  const call = (more: object = {}) => world.plugins.callRoute({plugin: 'counter', method, path: 'stats/all', ...more})
  return {...world, call}
}

const code = (code: string) => expect.objectContaining({code})

test('a route gets query and body and returns JSON data', async () => {
  const {call} = await worldWith(async ({query, body}) => ({query, body, skipped: undefined, at: new Date(0)}), 'POST')
  expect(await call({query: {limit: '5'}, body: [1]})).toEqual({
    query: {limit: '5'},
    body: [1],
    at: '1970-01-01T00:00:00.000Z',
  })
  expect(await call({path: '/stats/all/'})).toEqual({query: {}, at: '1970-01-01T00:00:00.000Z'})
})

test('no answer is null, and the answer is a copy', async () => {
  const kept = {count: 1}
  const {call} = await worldWith(() => kept)
  const answer = (await call()) as {count: number}
  kept.count = 2
  expect(answer).toEqual({count: 1})
  expect(await (await worldWith(() => undefined)).call()).toBeNull()
})

test('the query has no properties but its own', async () => {
  const {call} = await worldWith(({query}) => 'constructor' in query)
  expect(await call({query: {}})).toBe(false)
})

test('what a route throws on purpose reaches the operator as it is', async () => {
  const {call, plugins} = await worldWith(() => {
    throw new GsError('not_found', 'no such block', {hint: 'List them.'})
  })
  await expect(call()).rejects.toThrow(expect.objectContaining({code: 'not_found', hint: 'List them.'}))
  expect(plugins.statuses()).toMatchObject([{failures: 0}])
})

const circular: {self?: object} = {}
circular.self = circular

test.each<[string, AdminRoute['handler'], string]>([
  ['throws', () => Promise.reject(new Error('oops')), 'oops'],
  [
    'throws at once',
    () => {
      throw 'text'
    },
    'text',
  ],
  ['returns what is no JSON', () => 1n, 'BigInt'],
  ['returns a circle', () => circular, 'circular'],
])('a route that %s is the plugin’s failure', async (_, handler, words) => {
  const {call, plugins, logged} = await worldWith(handler)
  await expect(call()).rejects.toThrow(code('plugin_failed'))
  expect(plugins.statuses()).toMatchObject([
    {state: 'failing', failures: 1, lastFailure: expect.stringContaining(`route GET stats/all: `)},
  ])
  expect(plugins.statuses()[0]?.lastFailure).toContain(words)
  expect(logged).toEqual(['error a plugin failed'])
})

test('a route has 5 s', async () => {
  const {call, clock} = await worldWith(() => new Promise(() => {}))
  const answer = expect(call()).rejects.toThrow('did not answer within 5000 ms')
  await settle()
  clock.advance(5000)
  await answer
})

test('an end of the plugin waits for a route under way', async () => {
  const gate = Promise.withResolvers<number>()
  const {call, plugins} = await worldWith(() => gate.promise)
  const answer = call()
  const disabling = plugins.disable('counter')
  await settle()
  gate.resolve(7)
  expect(await answer).toBe(7)
  expect(await disabling).toBe(true)
})

test('routes that are not there say what is', async () => {
  const {call, plugins} = await worldWith(() => 1)
  await expect(call({path: 'none'})).rejects.toThrow(
    expect.objectContaining({code: 'not_found', hint: 'It has GET stats/all.'}),
  )
  await expect(call({method: 'POST'})).rejects.toThrow(code('not_found'))
  await expect(call({plugin: 'none'})).rejects.toThrow(code('not_found'))
  await expect(call({plugin: 'metrics'})).rejects.toThrow(code('plugin_disabled'))
  await plugins.disable('counter')
  await expect(call()).rejects.toThrow(code('plugin_disabled'))
  expect(plugins.routes()).toEqual([])
})

const fine: AdminRoute = {method: 'GET', path: 'x', summary: 'X.', handler: () => 1}

test.each<[string, Partial<AdminRoute>]>([
  ['a method', {method: 'PUT' as 'GET'}],
  ['a slash in front', {path: '/x'}],
  ['upper case', {path: 'X'}],
  ['an empty part', {path: 'x//y'}],
  ['a parameter', {path: ':id'}],
  ['too long a path', {path: 'x'.repeat(101)}],
  ['no summary', {summary: ''}],
  ['too long a summary', {summary: 'x'.repeat(201)}],
])('%s that cannot be stops the plugin', async (_, wrong) => {
  const {plugins} = pluginWorld()
  const setup = plugins.add(plugin('bad', host => host.admin.route({...fine, ...wrong})))
  await expect(setup).rejects.toThrow(/^plugin bad failed to start: bad: route /)
})

test('a path is taken once for each method, and there are 64 at most', async () => {
  const {plugins} = pluginWorld()
  await plugins.add(
    plugin('full', host => {
      for (let index = 0; index < 63; index += 1) host.admin.route({...fine, path: `x${index}`})
      host.admin.route({...fine, method: 'POST', path: 'x0'})
      expect(() => host.admin.route({...fine, path: 'x0'})).toThrow('already')
      expect(() => host.admin.route({...fine, path: 'y'})).toThrow('64')
    }),
  )
  expect(plugins.routes()).toHaveLength(64)
})
