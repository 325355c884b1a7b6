import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, onTestFinished, test, vi} from 'vitest'
import {projectRoot} from '../architecture/sources.js'
import {RawClient} from '../helpers/raw-client.js'

test('the smallest program serves its game and refuses links', async () => {
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

  ann.send({type: 'chat', roomId: 7, message: 'see https://example.org', seq: 1})
  expect(await ann.take('error')).toMatchObject({seq: 1, code: 'content_rejected', message: 'no links'})
  ann.send({type: 'chat', roomId: 7, message: 'hello'})
  expect(await bob.take('chat')).toMatchObject({userId: 1, message: 'hello'})

  ann.send({type: 'game_start', roomId: 7, game: 'count'})
  await bob.take('game_started')
  for (const [state, player] of [ann, bob, ann].entries()) {
    player.send({type: 'game_action', roomId: 7, action: null})
    expect(await bob.take('game_state')).toMatchObject({state: state + 1})
  }
  expect(await bob.take('game_ended')).toMatchObject({game: 'count', outcome: 'finished', winner: null})
})

test('the README shows this very program, of ten lines', () => {
  const program = readFileSync(join(projectRoot, 'examples/minimal.ts'), 'utf8')
  expect(program.split('\n').filter(line => line !== '')).toHaveLength(10)
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block)
  expect(blocks).toContain(program)
})
