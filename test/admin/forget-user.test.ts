import {expect, test} from 'vitest'
import type {AdminBackend} from '../../src/admin/backend.js'
import {forgetUser} from '../../src/admin/forget-user.js'
import type {PluginApis} from '../../src/contract/plugin-apis.js'
import {createTestServer} from '../../src/ops/create-test-server.js'
import type {GameServer} from '../../src/server/game-server.js'

function backendOf(server: GameServer): AdminBackend {
  return {
    plugins: () => server.plugins,
    pluginApi: (name: keyof PluginApis) => server.pluginApi(name),
  } as unknown as AdminBackend
}

test('a user is forgotten by analytics and by kept games; blocks stay and are named', async () => {
  await using world = await createTestServer({plugins: ['analytics', 'cache', 'security'], server: {emptyRoomTtlMs: 0}})
  const {server} = world
  const backend = backendOf(server)
  const players = [await world.connect({userId: 50}), await world.connect({userId: 51})] as const
  for (const player of players) await player.joinRoom(7)
  await players[0].startGame(7, 'tictactoe')
  await server.security.block({targets: [{user: 50}], reason: 'rude'})
  await expect.poll(() => server.users.get(50)).toBeUndefined()
  expect(await forgetUser(backend, 50)).toEqual({
    userId: 50,
    rows: expect.any(Number),
    cachedGames: expect.any(Number),
    activeBlocks: [{reason: 'rude', until: null}],
  })
  expect(await server.analytics.user(50)).toBeUndefined()
  expect(await forgetUser(backend, 50)).toBeUndefined()
})

test('what does not run is not asked', async () => {
  await using world = await createTestServer({plugins: ['analytics']})
  await world.connect({userId: 50})
  expect(await forgetUser(backendOf(world.server), 50)).toMatchObject({cachedGames: null, activeBlocks: null})
  expect(await forgetUser(backendOf(world.server), 51)).toBeUndefined()
})
