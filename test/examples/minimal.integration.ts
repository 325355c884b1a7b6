import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, onTestFinished, test, vi} from 'vitest'
import {projectRoot} from '../architecture/sources.js'
import {RawClient} from '../helpers/raw-client.js'

test('the smallest program serves its game and refuses shouting', async () => {
  vi.stubEnv('PORT', '0')
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const {server} = await import('../../examples/minimal.js')
  await using ann = await RawClient.login(server.address.port, 1)
  await using bob = await RawClient.login(server.address.port, 2)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
    await server.close()
  })
  ann.send({type: 'join_room', roomId: 7})
  await ann.take('room_joined')
  bob.send({type: 'join_room', roomId: 7})
  await bob.take('room_joined')

  ann.send({type: 'chat', roomId: 7, message: 'HELLO', seq: 1})
  expect(await ann.take('error')).toMatchObject({seq: 1, code: 'content_rejected', rule: 'shouting'})

  ann.send({type: 'game_start', roomId: 7, game: 'countdown'})
  const players = [ann, bob]
  await Promise.all(players.map(player => player.take('game_started')))
  ann.send({type: 'game_action', roomId: 7, action: null})
  await Promise.all(players.map(player => player.take('game_state')))
  ann.send({type: 'game_action', roomId: 7, action: null, seq: 2})
  expect(await ann.take('error')).toMatchObject({seq: 2, code: 'bad_action', message: 'let somebody else go first'})
  for (let step = 1; step < 10; step += 1) {
    players[step % 2]?.send({type: 'game_action', roomId: 7, action: null})
    await Promise.all(players.map(player => player.take('game_state')))
  }
  expect(await ann.take('game_ended')).toMatchObject({game: 'countdown', outcome: 'finished', winner: 2})
})

test('the README shows this very program', () => {
  const program = readFileSync(join(projectRoot, 'examples/minimal.ts'), 'utf8')
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block)
  expect(blocks).toContain(program)
})
