import {describe, expect, test} from 'vitest'
import type {PluginHost} from '../../src/contract/plugins.js'
import {createPluginWorld, guard, raise, refusal} from './plugin-world.js'

const roomCreated = {roomId: 1, creatorId: 1}

describe('a plugin that fails too often', () => {
  async function createFailing(onFailure: 'open' | 'closed' = 'open') {
    const world = createPluginWorld()
    await world.addGuard('shaky', () => raise(new Error('again')), onFailure)
    return {
      ...world,
      fail(times: number) {
        for (let failure = 0; failure < times; failure += 1) world.ask()
      },
    }
  }

  test('is disabled with the fifth failure within a minute, not with the fourth, and loudly', async () => {
    const world = await createFailing()
    world.fail(4)
    expect(world.statusOf('shaky')?.state).toBe('failing')
    world.fail(1)
    expect(world.statusOf('shaky')).toMatchObject({state: 'disabled', failures: 5})
    expect(world.log.lines.at(-1)).toMatchObject({level: 'error', fields: {plugin: 'shaky'}})
    world.fail(1)
    expect(world.statusOf('shaky')?.failures).toBe(5)
  })

  test.each([
    [59_999, 'disabled'],
    [60_000, 'failing'],
  ])('counts a failure of %i ms ago: the fifth leaves it %s', async (ageMs, state) => {
    const world = await createFailing()
    world.fail(1)
    world.clock.advance(ageMs)
    world.fail(4)
    expect(world.statusOf('shaky')?.state).toBe(state)
  })

  test('and then not for a minute is fine again', async () => {
    const world = await createFailing()
    world.fail(4)
    world.clock.advance(60_000)
    expect(world.statusOf('shaky')).toMatchObject({state: 'running', failures: 4})
  })

  test('is never disabled if it fails closed', async () => {
    const world = await createFailing('closed')
    world.fail(50)
    expect(world.statusOf('shaky')).toMatchObject({state: 'failing', failures: 50})
    expect(world.ask()).toMatchObject({code: 'plugin_failed'})
  })

  test('does not fail by refusing', async () => {
    const world = createPluginWorld()
    await world.addGuard('strict', () => raise(refusal('always')))
    for (let message = 0; message < 50; message += 1) expect(world.ask()).toMatchObject({rule: 'always'})
    expect(world.statusOf('strict')).toMatchObject({state: 'running', failures: 0})
  })

  test('is closed when it is disabled, and the others run on', async () => {
    const world = createPluginWorld()
    const done: string[] = []
    await world.add('shaky', host => {
      guard(host, () => raise(new Error('again')))
      host.every(1000, () => done.push('tick'))
      host.provide('shaky', {})
      return {close: () => void done.push('closed')}
    })
    await world.addGuard('sound', () => void done.push('asked'))
    for (let message = 0; message < 5; message += 1) world.ask()
    expect(done).toEqual(['asked', 'asked', 'asked', 'asked', 'asked'])
    expect(world.plugins.provided.size).toBe(0)
    await new Promise(resolve => setImmediate(resolve))
    expect(done.slice(5)).toEqual(['closed'])
    world.clock.advance(5000)
    expect(done).not.toContain('tick')
    await world.plugins.close()
    expect(done.filter(step => step === 'closed')).toHaveLength(1)
  })

  test('makes room for another of its name', async () => {
    const world = await createFailing()
    world.fail(5)
    await world.addGuard('shaky', () => {})
    expect(world.plugins.statuses().map(({state}) => state)).toEqual(['running'])
  })
})

describe('a setup', () => {
  const registerEverything = (host: PluginHost, done: string[]) => {
    guard(host, () => done.push('hook'))
    host.on('roomCreated', () => done.push('event'))
    host.every(1000, () => done.push('every'))
    host.after(1000, () => done.push('after'))
    host.provide('thing', {})
  }

  test.each([
    ['throws', () => raise(new Error('no disk'))],
    ['rejects', () => Promise.reject(new Error('no disk'))],
  ])('that %s is reported with its cause, and leaves nothing behind', async (_, fail) => {
    const world = createPluginWorld()
    const done: string[] = []
    const adding = world.add('half', host => {
      registerEverything(host, done)
      return fail()
    })
    await expect(adding).rejects.toMatchObject({
      code: 'plugin_setup_failed',
      message: 'plugin half failed to start: no disk',
      cause: expect.objectContaining({message: 'no disk'}),
    })
    world.ask()
    world.runner.emit('roomCreated', roomCreated)
    world.clock.advance(5000)
    expect(done).toEqual([])
    expect(world.plugins.provided.size).toBe(0)
    expect(world.plugins.statuses()).toEqual([])
    await world.add('half', host => registerEverything(host, done))
    world.ask()
    expect(done).toEqual(['hook'])
  })

  test.each([
    ['a hook that there is not', (host: PluginHost) => host.hook('beforeEverything' as never, (() => {}) as never)],
    ['an event that there is not', (host: PluginHost) => host.on('roomPainted' as never, (() => {}) as never)],
    [
      'a name that is taken',
      (host: PluginHost) => {
        host.provide('thing', {})
        host.provide('thing', {})
      },
    ],
  ])('must not register %s', async (_, setup) => {
    const world = createPluginWorld()
    await expect(world.add('odd', setup)).rejects.toMatchObject({
      code: 'plugin_setup_failed',
      cause: expect.objectContaining({code: 'plugin_invalid'}),
    })
    expect(world.plugins.provided.size).toBe(0)
  })

  test('of a name that is running is refused', async () => {
    const world = createPluginWorld()
    await world.addGuard('twin', () => {})
    await expect(world.addGuard('twin', () => {})).rejects.toMatchObject({code: 'plugin_invalid'})
  })

  test('may be asynchronous, and its hooks run only once it is done', async () => {
    const world = createPluginWorld()
    const ready = Promise.withResolvers<void>()
    const done: string[] = []
    const adding = world.add('slow', async host => {
      guard(host, () => done.push('asked'))
      await ready.promise
    })
    world.ask()
    expect(done).toEqual([])
    ready.resolve()
    await adding
    world.ask()
    expect(done).toEqual(['asked'])
  })
})

describe('the end of a plugin', () => {
  test('comes in reverse order of the start', async () => {
    const world = createPluginWorld()
    const done: string[] = []
    for (const name of ['one', 'two', 'three']) {
      await world.add(name, () => ({
        async close() {
          await null
          done.push(name)
        },
      }))
    }
    await world.plugins.close()
    expect(done).toEqual(['three', 'two', 'one'])
    await world.plugins.close()
    expect(done).toHaveLength(3)
  })

  test('takes its hooks, listeners, timers and provided objects with it', async () => {
    const world = createPluginWorld()
    const done: string[] = []
    await world.add('whole', host => {
      guard(host, () => done.push('hook'))
      host.on('roomCreated', () => done.push('event'))
      host.every(1000, () => done.push('every'))
      host.after(1500, () => done.push('after'))
      host.provide('thing', {})
    })
    world.clock.advance(1000)
    expect(done).toEqual(['every'])
    await world.plugins.close()
    world.ask()
    world.runner.emit('roomCreated', roomCreated)
    world.clock.advance(5000)
    expect(done).toEqual(['every'])
    expect(world.plugins.provided.size).toBe(0)
  })

  test('is waited for three seconds, and then the next one has its turn', async () => {
    const world = createPluginWorld()
    const done: string[] = []
    await world.add('first', () => ({close: () => void done.push('first')}))
    await world.add('endless', () => ({close: () => new Promise(() => {})}))
    const closing = world.plugins.close()
    await new Promise(resolve => setImmediate(resolve))
    world.clock.advance(2999)
    await new Promise(resolve => setImmediate(resolve))
    expect(done).toEqual([])
    world.clock.advance(1)
    await closing
    expect(done).toEqual(['first'])
    expect(world.log.lines).toMatchObject([{level: 'error', fields: {plugin: 'endless'}}])
  })

  test.each([
    ['throws', () => raise(new Error('stuck'))],
    ['rejects', () => Promise.reject(new Error('stuck'))],
  ])('that %s is logged, and the others close', async (_, close) => {
    const world = createPluginWorld()
    const done: string[] = []
    await world.add('first', () => ({close: () => void done.push('first')}))
    await world.add('stuck', () => ({close}))
    await world.plugins.close()
    expect(done).toEqual(['first'])
    expect(world.log.lines).toMatchObject([{level: 'error', fields: {plugin: 'stuck'}}])
  })
})

describe('a built-in plugin', () => {
  async function createBuiltIn() {
    const world = createPluginWorld()
    const configs: unknown[] = []
    await world.add('cache', host => {
      host.provide('cache', configs)
      host.metric({name: 'cache_bytes', help: 'For a test.', type: 'gauge', read: () => 1})
      return {configure: config => void configs.push(config)}
    })
    return {...world, configs}
  }

  test('is handed its changed configuration while it runs', async () => {
    const {plugins, configs} = await createBuiltIn()
    plugins.configure('cache', {ttlMs: 1})
    plugins.configure('metrics', {intervalMs: 1})
    await plugins.disable('cache')
    plugins.configure('cache', {ttlMs: 2})
    expect(configs).toEqual([{ttlMs: 1}])
  })

  test('gives what it provides while it runs, and is said to be off then', async () => {
    const {plugins, configs} = await createBuiltIn()
    expect(plugins.api('cache')).toBe(configs)
    await plugins.disable('cache')
    expect(() => plugins.api('cache')).toThrow('the cache plugin is not enabled')
  })

  test('takes its metrics with it', async () => {
    const {plugins, metrics} = await createBuiltIn()
    expect(metrics.list().map(({name}) => name)).toEqual(['cache_bytes'])
    await plugins.disable('cache')
    expect(metrics.list()).toEqual([])
  })
})

test('what a plugin logs says whose it is', async () => {
  const world = createPluginWorld()
  await world.add('chatty', host => host.log.info({words: 3}, 'hello'))
  expect(world.log.lines).toMatchObject([{level: 'info', fields: {plugin: 'chatty', words: 3}, message: 'hello'}])
})

describe('a timer of a plugin', () => {
  test.each([
    ['throws', () => raise(new Error('tick'))],
    ['rejects', () => Promise.reject(new Error('tick'))],
  ])('that %s is contained and goes on', async (_, task) => {
    const world = createPluginWorld()
    await world.add('ticking', host => host.every(1000, task))
    world.clock.advance(3000)
    await new Promise(resolve => setImmediate(resolve))
    expect(world.statusOf('ticking')).toMatchObject({state: 'failing', failures: 3, lastFailure: 'timer: tick'})
    expect(world.log.lines.every(({fields}) => fields.plugin === 'ticking')).toBe(true)
  })

  test('that throws five times within a minute ends the plugin', async () => {
    const world = createPluginWorld()
    await world.add('ticking', host => host.every(1000, () => raise(new Error('tick'))))
    world.clock.advance(4000)
    expect(world.statusOf('ticking')?.state).toBe('failing')
    world.clock.advance(10_000)
    expect(world.statusOf('ticking')).toMatchObject({state: 'disabled', failures: 5})
    expect(world.counters.hookFailures).toBe(5)
  })

  test('that runs once does so once', async () => {
    const world = createPluginWorld()
    let runs = 0
    await world.add('once', host => host.after(1000, () => runs++))
    world.clock.advance(5000)
    expect(runs).toBe(1)
  })
})

describe('a listener of the embedding program', () => {
  test.each([
    ['throws', () => raise(new Error('mine'))],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('that %s is contained, logged and never taken out', async (_, fail) => {
    const world = createPluginWorld()
    let heard = 0
    world.plugins.listen('roomCreated', () => {
      heard += 1
      return fail()
    })
    let others = 0
    world.plugins.listen('roomCreated', () => void others++)
    for (let event = 0; event < 20; event += 1) world.runner.emit('roomCreated', roomCreated)
    await new Promise(resolve => setImmediate(resolve))
    expect([heard, others]).toEqual([20, 20])
    expect(world.log.lines).toHaveLength(20)
    expect(world.log.lines[0]).toMatchObject({level: 'error', fields: {plugin: 'application', hook: 'roomCreated'}})
    expect(world.plugins.statuses()).toEqual([])
  })

  test('hears nothing after it was ended; ending it twice is fine', () => {
    const world = createPluginWorld()
    let heard = 0
    const end = world.plugins.listen('roomCreated', () => void heard++)
    world.plugins.listen('roomCreated', () => {})
    end()
    end()
    world.runner.emit('roomCreated', roomCreated)
    expect(heard).toBe(0)
    expect(world.runner.isHeard('roomCreated')).toBe(true)
  })

  test('is refused for an event that there is not', () => {
    const world = createPluginWorld()
    expect(() => world.plugins.listen('roomPainted' as never, () => {})).toThrow('there is no event roomPainted')
  })
})
