import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {CONFIG_KEYS} from '../../src/config/keys.js'
import {showConfig} from '../../src/ops/show-config.js'
import {tempFolder} from '../helpers/temp-folder.js'

const SECRET = 'a-secret-of-thirty-two-bytes-yes'

test('every key is shown with its value and where that comes from', async () => {
  const cwd = tempFolder({'gs.config.yaml': 'server: {port: 7001}'})
  const {file, keys} = await showConfig({cwd, file: undefined, env: {GS_NAME: 'blue'}, key: undefined})
  expect(file).toBe(join(cwd, 'gs.config.yaml'))
  expect(keys).toContainEqual({key: 'server.port', value: 7001, origin: `file ${file}`})
  expect(keys).toContainEqual({key: 'name', value: 'blue', origin: 'env GS_NAME'})
  expect(keys).toContainEqual({key: 'server.handshakeTimeoutMs', value: 60_000, origin: 'default'})
  expect(keys.map(({key}) => key).filter(key => key !== 'auth.secret')).toEqual(CONFIG_KEYS.map(({path}) => path))
})

test('secrets, and what plugins are given, are only said to be set', async () => {
  const cwd = tempFolder({'gs.config.yaml': 'plugins: [mine]\nmine: {apiKey: hunter2}'})
  const shown = await showConfig({cwd, file: undefined, env: {GS_AUTH_SECRET: SECRET}, key: undefined})
  expect(shown.keys).toContainEqual({key: 'auth.secret', value: '(set)', origin: 'env GS_AUTH_SECRET'})
  expect(shown.keys).toContainEqual({key: 'mine', value: '(set)', origin: expect.stringContaining('file ')})
  expect(JSON.stringify(shown)).not.toMatch(/hunter2|thirty-two/)
})

test('plugins and games given as objects go by their name', async () => {
  const cwd = tempFolder({'gs.config.mjs': 'export default {plugins: ["a", {name: "mine", setup() {}}]}'})
  const {keys} = await showConfig({cwd, file: undefined, env: {}, key: 'plugins'})
  expect(keys).toEqual([{key: 'plugins', value: ['a', 'mine'], origin: expect.any(String)}])
})

describe('one key', () => {
  const show = (key: string) => showConfig({cwd: tempFolder(), file: undefined, env: {}, key})

  test('or one group can be asked for', async () => {
    expect((await show('server.port')).keys).toEqual([{key: 'server.port', value: 7000, origin: 'default'}])
    expect((await show('log')).keys.map(({key}) => key)).toEqual(['log.level', 'log.file'])
  })

  test('that does not exist is a mistake, and the nearest one is named', async () => {
    await expect(show('server.prot')).rejects.toMatchObject({code: 'usage', hint: 'Did you mean server.port?'})
    await expect(show('zzzzzzzzz')).rejects.toMatchObject({code: 'usage', hint: 'gs config show lists all.'})
  })
})
