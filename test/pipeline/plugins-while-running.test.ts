import {describe, expect, test} from 'vitest'
import type {MessageAttempt} from '../../src/contract/plugins.js'
import {plugin, pluginWorld, settle} from '../helpers/plugin-world.js'

const attempt: MessageAttempt = {
  userId: 1,
  nickname: undefined,
  address: '192.0.2.1',
  sizeBytes: 10,
  readId: 1,
  readAtMs: 0,
  readMonotonicMs: 0,
  message: {type: 'heartbeat'},
}

const code = (code: string) => expect.objectContaining({code})

describe('enabling', () => {
  test('puts hooks, listeners, timers, provided objects and routes in', async () => {
    const {plugins, clock} = pluginWorld()
    const calls: string[] = []
    await plugins.enable(
      plugin('all', host => {
        host.hook('beforeMessage', () => void calls.push('hook'))
        host.on('roomClosed', () => void calls.push('event'))
        host.every(1000, () => void calls.push('timer'))
        host.provide('thing', {})
        host.admin.route({method: 'GET', path: '', summary: 'Answers.', handler: () => 1})
      }),
    )
    void plugins.runner.ask(plugins.runner.chains.beforeMessage, attempt)
    plugins.runner.emit('roomClosed', {roomId: 1, durationMs: 1})
    clock.advance(1000)
    expect(calls).toEqual(['hook', 'event', 'timer'])
    expect(plugins.provided.has('thing')).toBe(true)
    expect(plugins.routes()).toEqual([{plugin: 'all', method: 'GET', path: '', summary: 'Answers.'}])
    expect(plugins.statuses()).toMatchObject([{name: 'all', state: 'running'}])
  })

  test('a setup that fails leaves nothing behind', async () => {
    const {plugins, clock} = pluginWorld()
    const ticks: number[] = []
    const failing = plugin('half', async host => {
      host.hook('beforeMessage', () => {})
      host.on('roomClosed', () => {})
      host.every(1000, () => void ticks.push(1))
      host.after(1000, () => void ticks.push(1))
      host.provide('thing', {})
      host.admin.route({method: 'GET', path: '', summary: 'Answers.', handler: () => 1})
      await null
      throw new Error('no disk')
    })
    await expect(plugins.enable(failing)).rejects.toThrow(code('plugin_setup_failed'))
    clock.advance(5000)
    expect(ticks).toEqual([])
    expect(plugins.runner.chains.beforeMessage).toEqual([])
    expect(plugins.runner.isHeard('roomClosed')).toBe(false)
    expect(plugins.provided.size).toBe(0)
    expect([...plugins.routes(), ...plugins.statuses()]).toEqual([])
    await plugins.enable(plugin('half', host => host.provide('thing', {})))
  })

  test('a setup has 10 s; what it does later counts for nothing, and what it brings is closed', async () => {
    const {plugins, clock} = pluginWorld()
    const late = Promise.withResolvers<void>()
    const closed: boolean[] = []
    const enabling = plugins.enable(
      plugin('slow', async host => {
        await late.promise
        host.hook('beforeMessage', () => {})
        host.every(10, () => {})
        host.provide('thing', {})
        return {close: () => void closed.push(true)}
      }),
    )
    const failure = expect(enabling).rejects.toThrow('more than 10000 ms')
    await settle()
    clock.advance(9999)
    expect(plugins.statuses()).toEqual([])
    clock.advance(1)
    await failure
    late.resolve()
    await settle()
    expect(closed).toEqual([true])
    expect(plugins.provided.size + plugins.runner.chains.beforeMessage.length).toBe(0)
  })

  test('one whose timers fail until its setup is done is not taken in, and is closed', async () => {
    const {plugins, clock} = pluginWorld()
    const gate = Promise.withResolvers<void>()
    const closed: boolean[] = []
    const enabling = plugins.enable(
      plugin('hasty', async host => {
        host.every(100, () => {
          throw new Error('not ready')
        })
        await gate.promise
        return {close: () => void closed.push(true)}
      }),
    )
    const failure = expect(enabling).rejects.toThrow(code('plugin_setup_failed'))
    await settle()
    clock.advance(500)
    gate.resolve()
    await failure
    await settle()
    expect([closed, plugins.statuses()]).toEqual([[true], []])
  })

  test('a name that runs is refused, and one that was disabled is taken over in its place', async () => {
    const {plugins} = pluginWorld()
    for (const name of ['one', 'two']) await plugins.add(plugin(name))
    await expect(plugins.enable(plugin('one'))).rejects.toThrow(code('plugin_invalid'))
    await plugins.disable('one')
    expect(plugins.statuses()).toMatchObject([{name: 'one', state: 'disabled'}, {name: 'two'}])
    await plugins.enable(plugin('one'))
    expect(plugins.statuses()).toMatchObject([{name: 'one', state: 'running'}, {name: 'two'}])
  })

  test('a plugin that broke can be enabled again, with a clean record', async () => {
    const {plugins} = pluginWorld()
    let isBad = true
    const moody = plugin('moody', host =>
      host.hook('beforeMessage', () => {
        if (isBad) throw new Error('broken')
      }),
    )
    await plugins.add(moody)
    for (let count = 0; count < 5; count += 1) void plugins.runner.ask(plugins.runner.chains.beforeMessage, attempt)
    expect(plugins.statuses()).toMatchObject([{state: 'disabled', failures: 5}])
    isBad = false
    await plugins.enable(moody)
    expect(plugins.statuses()).toMatchObject([{state: 'running', failures: 0}])
    expect(plugins.runner.chains.beforeMessage).toHaveLength(1)
  })
})

describe('disabling', () => {
  test('waits for hooks under way, which finish on the chain they began on', async () => {
    const {plugins} = pluginWorld()
    const gate = Promise.withResolvers<void>()
    const calls: string[] = []
    await plugins.add(
      plugin('first', host => {
        host.hook('beforeMessage', () => gate.promise)
        return {close: () => void calls.push('first closed')}
      }),
    )
    await plugins.add(
      plugin('second', host => {
        host.hook('beforeMessage', () => void calls.push('second called'))
        return {close: () => void calls.push('second closed')}
      }),
    )
    const verdict = plugins.runner.ask(plugins.runner.chains.beforeMessage, attempt)
    const disabling = plugins.disable('second')
    await settle()
    expect(plugins.runner.chains.beforeMessage).toHaveLength(1)
    expect(calls).toEqual([])
    gate.resolve()
    expect(await verdict).toBeNull()
    expect(await disabling).toBe(true)
    expect(calls).toEqual(['second called', 'second closed'])
  })

  test('does not wait longer than 1.5 s, and then nothing of the plugin is called any more', async () => {
    const {plugins, clock} = pluginWorld()
    const gate = Promise.withResolvers<void>()
    const calls: string[] = []
    const slow = plugin('slow', host => host.hook('beforeMessage', () => gate.promise))
    await plugins.add(slow)
    await plugins.add(
      plugin('late', host => {
        host.hook('beforeMessage', () => void calls.push('called'))
        return {close: () => void calls.push('closed')}
      }),
    )
    plugins.runner.chains.use.begin()
    const {beforeMessage} = plugins.runner.chains
    const disabling = plugins.disable('late')
    await settle()
    clock.advance(1499)
    await settle()
    expect(calls).toEqual([])
    clock.advance(1)
    await disabling
    void plugins.runner.ask(beforeMessage.slice(1), attempt)
    expect(calls).toEqual(['closed'])
  })

  test('has 3 s for the plugin’s own end', async () => {
    const {plugins, clock, logged} = pluginWorld()
    await plugins.add(plugin('stuck', () => ({close: () => new Promise<void>(() => {})})))
    const disabling = plugins.disable('stuck')
    await settle()
    clock.advance(3000)
    expect(await disabling).toBe(true)
    expect(logged).toContain('error a plugin failed to close')
  })

  test('waits for observing hooks and listeners that returned a promise', async () => {
    const {plugins} = pluginWorld()
    const gate = Promise.withResolvers<void>()
    const closed: boolean[] = []
    await plugins.add(
      plugin('writer', host => {
        host.on('roomClosed', () => gate.promise)
        return {close: () => void closed.push(true)}
      }),
    )
    plugins.runner.emit('roomClosed', {roomId: 1, durationMs: 1})
    const disabling = plugins.disable('writer')
    await settle()
    expect(closed).toEqual([])
    gate.resolve()
    await disabling
    expect(closed).toEqual([true])
  })

  test('security only goes when that is confirmed', async () => {
    const {plugins} = pluginWorld()
    await plugins.add(plugin('security'))
    await expect(plugins.disable('security')).rejects.toThrow(code('usage'))
    expect(plugins.statuses()).toMatchObject([{state: 'running'}])
    expect(await plugins.disable('security', {isConfirmed: true})).toBe(true)
  })

  test('twice is fine, an unknown name is not', async () => {
    const {plugins} = pluginWorld()
    await plugins.add(plugin('one'))
    expect(await Promise.all([plugins.disable('one'), plugins.disable('one')])).toEqual([true, false])
    await expect(plugins.disable('none')).rejects.toThrow(code('not_found'))
  })

  test('what a plugin registers after its end is ignored', async () => {
    const {plugins, clock} = pluginWorld()
    const ticks: number[] = []
    let register = () => {}
    await plugins.add(
      plugin('late', host => {
        register = () => {
          host.every(10, () => void ticks.push(1))
          host.after(10, () => void ticks.push(1))
          host.hook('beforeMessage', () => void ticks.push(1))
          host.on('roomClosed', () => void ticks.push(1))
          host.provide('thing', {})
          host.admin.route({method: 'GET', path: 'late', summary: 'Late.', handler: () => 1})
        }
      }),
    )
    await plugins.disable('late')
    register()
    clock.advance(1000)
    await plugins.add(plugin('other'))
    plugins.runner.emit('roomClosed', {roomId: 1, durationMs: 1})
    expect(ticks.length + plugins.provided.size + plugins.routes().length).toBe(0)
  })
})

describe('a stop', () => {
  test('waits neither for a setup nor for messages under way, and refuses what comes', async () => {
    const {plugins} = pluginWorld()
    const closed: string[] = []
    await plugins.add(plugin('one', () => ({close: () => void closed.push('one')})))
    await plugins.add(plugin('two', () => ({close: () => void closed.push('two')})))
    plugins.runner.chains.use.begin()
    const disabling = plugins.disable('one')
    await settle()
    const enabling = plugins.enable(plugin('never', () => new Promise<undefined>(() => {})))
    const refused = expect(enabling).rejects.toThrow(code('server_closed'))
    await plugins.close()
    expect(await disabling).toBe(true)
    await refused
    expect(closed).toEqual(['one', 'two'])
    await expect(plugins.enable(plugin('late'))).rejects.toThrow(code('server_closed'))
  })

  test('ends a setup that hangs', async () => {
    const {plugins} = pluginWorld()
    const enabling = plugins.enable(plugin('never', () => new Promise<undefined>(() => {})))
    const refused = expect(enabling).rejects.toThrow('the server stops')
    await settle()
    await plugins.close()
    await refused
  })

  test('waits for a broken plugin that is still closing', async () => {
    const {plugins} = pluginWorld()
    const gate = Promise.withResolvers<void>()
    const closed: boolean[] = []
    await plugins.add(
      plugin('broken', host => {
        host.hook('beforeMessage', () => {
          throw new Error('broken')
        })
        return {close: () => gate.promise.then(() => void closed.push(true))}
      }),
    )
    for (let count = 0; count < 5; count += 1) void plugins.runner.ask(plugins.runner.chains.beforeMessage, attempt)
    const closing = plugins.close()
    await settle()
    gate.resolve()
    await closing
    expect(closed).toEqual([true])
  })
})
