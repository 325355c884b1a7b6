import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import type {Store} from '../../src/contract/store.js'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {dataDirectory} from '../../src/ops/open-data-store.js'
import {definePlugin} from '../../src/pipeline/define-plugin.js'
import {tempFolder} from '../helpers/temp-folder.js'

test.for([
  [{dataDir: null, ephemeral: true}, {}, null],
  [{dataDir: '/srv/gs', ephemeral: false}, {XDG_STATE_HOME: '/state'}, '/srv/gs'],
  [{dataDir: null, ephemeral: false}, {XDG_STATE_HOME: '/state'}, '/state/gs/eu'],
  [{dataDir: null, ephemeral: false}, {}, expect.stringMatching(/\/\.local\/state\/gs\/eu$/)],
] as const)('%o with %o keeps data in %s', ([config, env, directory]) => {
  expect(dataDirectory({name: 'eu', ...config}, env)).toEqual(directory)
})

/** A plugin that keeps nothing unless it is asked to. */
function keeper(): {plugin: ReturnType<typeof definePlugin>; store: () => Store} {
  let store: Store | undefined
  const plugin = definePlugin({
    name: 'keeper',
    setup(host) {
      store = host.store
    },
  })
  return {plugin, store: () => store as Store}
}

test('a plugin’s data is in the data directory, and there after a restart; one that keeps nothing leaves nothing', async () => {
  const dataDir = join(tempFolder(), 'data')
  const {plugin, store} = keeper()
  const start = async () => {
    const world = await createTestServer({dataDir, plugins: [plugin]})
    onTestFinished(() => world.close())
    return world
  }
  await (await start()).close()
  expect(existsSync(dataDir)).toBe(false)

  const first = await start()
  await store().migrate('keeper', ['CREATE TABLE keeper_notes (text TEXT)'])
  await store().write([{sql: 'INSERT INTO keeper_notes VALUES (?)', params: ['hi']}])
  expect(first.server.storeStatus).toMatchObject({file: join(dataDir, 'gs.db'), state: 'ok'})
  await first.close()

  await start()
  expect(await store().query('SELECT text FROM keeper_notes')).toEqual([{text: 'hi'}])
})
