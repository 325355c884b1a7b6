import {expect, test} from 'vitest'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {definePlugin} from '../../src/pipeline/define-plugin.js'
import {RawClient} from '../helpers/raw-client.js'

test('while a room is being closed, what a plugin says to it reaches only those who are still in', async () => {
  const herald = definePlugin({
    name: 'herald',
    setup: host => host.on('roomLeft', ({roomId, userId}) => void server.rooms.notice(roomId, `${userId} has left`)),
  })
  const {server, port, close} = await createTestServer({plugins: [herald]})
  const clients: RawClient[] = []
  for (const userId of [1, 2, 3]) {
    const client = await RawClient.login(port, userId)
    client.send({type: 'join_room', roomId: 7})
    await client.take('room_joined')
    clients.push(client)
  }
  server.rooms.close(7)
  const heard = await Promise.all(
    clients.map(async client => {
      client.send({type: 'heartbeat', seq: 1})
      await client.until(() => client.frames.some(({type}) => type === 'heartbeat'))
      return client.frames.flatMap(({type, message}) => (type === 'notice' ? [message] : []))
    }),
  )
  expect(heard).toEqual([[], ['1 has left'], ['1 has left', '2 has left']])
  for (const {socket} of clients) socket.destroy()
  await close()
})
