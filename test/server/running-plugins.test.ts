import {expect, test} from 'vitest'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {ManualClock} from '../helpers/manual-clock.js'
import {plugin, settle} from '../helpers/plugin-world.js'
import {RawClient} from '../helpers/raw-client.js'

test('a message that waits behind another meets the plugins of its arrival, and they end after it', async () => {
  const head = Promise.withResolvers<void>()
  const own = Promise.withResolvers<void>()
  const calls: string[] = []
  const slow = plugin('slow', host =>
    host.hook('beforeMessage', ({message}) => (message.seq === 1 ? head.promise : undefined)),
  )
  await using world = await createTestServer({plugins: [slow.definition]})
  const {server, port} = world
  await using user = await RawClient.login(port, 1)
  user.send({type: 'heartbeat', seq: 1})
  await expect.poll(() => server.counters.bytesIn).toBeGreaterThan(50)
  await server.enablePlugin(
    plugin('passing', host => {
      host.hook('frameReceived', () => void calls.push('frame'))
      host.hook('beforeMessage', () => own.promise)
      host.hook('afterMessage', ({message}) => void calls.push(`after ${message?.seq}`))
      return {close: () => void calls.push('closed')}
    }),
  )
  user.send({type: 'heartbeat', seq: 2})
  await expect.poll(() => calls).toEqual(['frame'])
  const disabling = server.disablePlugin('passing')
  await settle()
  user.send({type: 'heartbeat', seq: 3})
  head.resolve()
  expect(await user.take('heartbeat')).toMatchObject({seq: 1})
  await settle()
  expect(calls).toEqual(['frame'])
  own.resolve()
  await disabling
  expect(calls).toEqual(['frame', 'after 2', 'closed'])
  expect([(await user.take('heartbeat')).seq, (await user.take('heartbeat')).seq]).toEqual([2, 3])
})

test('a plugin that takes itself out in the middle of a message ends after that message', async () => {
  const gate = Promise.withResolvers<void>()
  const calls: string[] = []
  await using world = await createTestServer()
  const {server, port} = world
  await server.enablePlugin(
    plugin('tired', host => {
      host.hook('beforeMessage', () => void server.disablePlugin('tired'))
      host.hook('beforeMessage', () => gate.promise)
      host.hook('afterMessage', () => void calls.push('after'))
      return {close: () => void calls.push('closed')}
    }),
  )
  await using user = await RawClient.login(port, 1)
  user.send({type: 'heartbeat', seq: 1})
  await expect.poll(() => server.plugins[0]?.state).toBe('disabled')
  await settle()
  gate.resolve()
  await user.take('heartbeat')
  await expect.poll(() => calls).toEqual(['after', 'closed'])
})

test('messages of a user who is gone hold up no plugin’s end', async () => {
  const head = Promise.withResolvers<void>()
  const slow = plugin('slow', host => host.hook('beforeMessage', () => head.promise))
  await using world = await createTestServer({plugins: [slow.definition]}, {clock: new ManualClock()})
  const {server, port} = world
  const user = await RawClient.login(port, 1)
  user.send({type: 'heartbeat', seq: 1}, {type: 'heartbeat', seq: 2}, {type: 'heartbeat', seq: 3})
  await expect.poll(() => server.users.get(1)?.traffic.messageCount).toBe(3)
  server.users.kick(1)
  head.resolve()
  // The clock stands still, so a wait for messages that nobody handles would never end.
  expect(await server.disablePlugin('slow')).toBe(true)
  await user.closed
})
