import {spawnSync} from 'node:child_process'
import {expect, test} from 'vitest'
import {Program} from '../helpers/program.js'
import {RawClient} from '../helpers/raw-client.js'

/** A process with permissions may not look into Node, so the server has to read and write its sockets as streams. */
const PERMISSIONS = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-worker']
const MESSAGES = 2000

test('a server that cannot get at the insides of Node serves as well', async () => {
  const look = spawnSync(process.execPath, [...PERMISSIONS, '--eval', 'process.binding("stream_wrap")'])
  expect(String(look.stderr)).toContain('ERR_ACCESS_DENIED')

  const args = ['serve', '--ephemeral', '--port', '0', '--plugins', 'metrics,analytics']
  const program = new Program(args, {env: {NODE_OPTIONS: PERMISSIONS.join(' ')}})
  const {port} = await program.ready()
  await using lines = await RawClient.login(port, 1)
  await using prefixed = await RawClient.login(port, 2, {framing: 'length-prefixed'})
  for (const client of [lines, prefixed]) {
    client.send({type: 'join_room', roomId: 7})
    await client.take('room_joined')
  }
  const texts = (userId: number) => Array.from({length: MESSAGES}, (_, index) => `${userId}: é ${index}`)
  lines.send(...texts(1).map(message => ({type: 'chat', roomId: 7, message})))
  prefixed.send(...texts(2).map(message => ({type: 'chat', roomId: 7, message})))
  for (const client of [lines, prefixed]) {
    const chats = () => client.frames.filter(({type}) => type === 'chat')
    await client.until(() => chats().length === 2 * MESSAGES)
    for (const userId of [1, 2]) {
      const own = chats().filter(frame => frame.userId === userId)
      expect(own.map(({message}) => message)).toEqual(texts(userId))
    }
  }
  program.signal('SIGTERM')
  await Promise.all([lines.take('goodbye'), prefixed.take('goodbye')])
  expect(await program.ended()).toEqual({code: 0, signal: null})
})
