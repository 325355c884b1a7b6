import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {resolveConfig} from '../../src/config/resolve.js'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {disablePlugin, enablePlugin, type PluginSource} from '../../src/ops/manage-plugins.js'
import {plugin} from '../helpers/plugin-world.js'
import {tempFolder} from '../helpers/temp-folder.js'

const moduleText = (answer: number) => `export default {
  name: 'answerer',
  configSchema: {
    parse(input) {
      if (typeof (input.offset ?? 0) !== 'number') throw new Error('offset must be a number')
      return {offset: input.offset ?? 0}
    },
  },
  setup: (host, {offset}) => host.provide('answer', {value: ${answer} + offset}),
}
`

function sourceIn(baseDir: string, pluginInput: Record<string, unknown> = {}): PluginSource {
  return {...resolveConfig({}), baseDir, pluginInput, configOrigin: 'file gs.config.json'}
}

const code = (code: string) => expect.objectContaining({code})

test('a path is loaded, its configuration checked, and the plugin enabled', async () => {
  const folder = tempFolder({'answerer.mjs': moduleText(40)})
  await using world = await createTestServer()
  const {server} = world
  const source = sourceIn(folder, {answerer: {offset: 2}, other: {of: 'no interest'}})
  expect(await enablePlugin(server, './answerer.mjs', source)).toMatchObject({name: 'answerer', state: 'running'})
  expect(server.provided('answer')).toEqual({value: 42})
})

test('by its name a plugin is enabled again: its module and its configuration are read anew', async () => {
  const folder = tempFolder({'answerer.mjs': moduleText(1)})
  await using world = await createTestServer({plugins: [join(folder, 'answerer.mjs')]})
  const {server} = world
  expect(server.provided('answer')).toEqual({value: 1})
  expect(await disablePlugin(server, 'answerer', {isConfirmed: false})).toMatchObject({state: 'disabled'})
  expect(server.provided('answer')).toBeUndefined()
  writeFileSync(join(folder, 'answerer.mjs'), moduleText(2))
  await enablePlugin(server, 'answerer', sourceIn(folder, {answerer: {offset: 10}}))
  expect(server.provided('answer')).toEqual({value: 12})
})

test('one that came as an object is enabled again by its name', async () => {
  const {definition} = plugin('object')
  await using world = await createTestServer({plugins: [definition]})
  const {server} = world
  await disablePlugin(server, 'object', {isConfirmed: false})
  expect(await enablePlugin(server, 'object', sourceIn('/'))).toMatchObject({state: 'running'})
})

test('what is so already stays so', async () => {
  const {definition} = plugin('object')
  await using world = await createTestServer({plugins: [definition]})
  const {server} = world
  expect(await enablePlugin(server, 'object', sourceIn('/'))).toMatchObject({state: 'running'})
  await disablePlugin(server, 'object', {isConfirmed: false})
  expect(await disablePlugin(server, 'object', {isConfirmed: false})).toMatchObject({state: 'disabled'})
})

test('what cannot be enabled changes nothing', async () => {
  const folder = tempFolder({
    'answerer.mjs': moduleText(1),
    'broken.mjs': 'export default {name: "broken", setup() { throw new Error("no disk") }}',
    'security.mjs': 'export default {name: "security", setup() {}}',
  })
  await using world = await createTestServer()
  const {server} = world
  const wrong = sourceIn(folder, {answerer: {offset: 'two'}})
  await expect(enablePlugin(server, './answerer.mjs', wrong)).rejects.toThrow(code('config_invalid'))
  await expect(enablePlugin(server, './broken.mjs', sourceIn(folder))).rejects.toThrow(code('plugin_setup_failed'))
  await expect(enablePlugin(server, './security.mjs', sourceIn(folder))).rejects.toThrow(code('plugin_invalid'))
  await expect(enablePlugin(server, './none.mjs', sourceIn(folder))).rejects.toThrow(code('plugin_not_found'))
  expect(server.plugins).toEqual([])
  await enablePlugin(server, './answerer.mjs', sourceIn(folder))
  await expect(enablePlugin(server, './answerer.mjs', sourceIn(folder))).rejects.toThrow(code('plugin_invalid'))
  expect(server.provided('answer')).toEqual({value: 1})
})

test('security is disabled only when that is confirmed; an unknown plugin is not found', async () => {
  await using world = await createTestServer()
  const {server} = world
  await server.enablePlugin(plugin('security'))
  await expect(disablePlugin(server, 'security', {isConfirmed: false})).rejects.toThrow(code('usage'))
  expect(await disablePlugin(server, 'security', {isConfirmed: true})).toMatchObject({state: 'disabled'})
  await expect(disablePlugin(server, 'none', {isConfirmed: true})).rejects.toThrow(code('not_found'))
})
