import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {checkConfigFile} from '../../src/ops/check-config.js'
import {privateFile, tempFolder} from '../helpers/temp-folder.js'

const SECRET = 'a-secret-of-thirty-two-bytes-yes'
const check = (cwd: string, env: NodeJS.ProcessEnv = {}) => checkConfigFile({cwd, file: undefined, env})

test('a good configuration passes, and so does none', async () => {
  expect(await check(tempFolder())).toEqual({file: null})
  const cwd = tempFolder({
    'gs.config.yaml': 'games: [./chess.js, relay]\nauth: {mode: token, secretFile: ./s}',
    'chess.js': '',
  })
  privateFile(cwd, 's', SECRET)
  expect(await check(cwd)).toEqual({file: join(cwd, 'gs.config.yaml')})
})

test('modules that are not there are all named', async () => {
  const cwd = tempFolder({'gs.config.yaml': 'games: [./a.js, relay]\nplugins: [../b.js]'})
  await expect(check(cwd)).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(
      /^2 problems.*plugins\[0\]: no such file: ".*\/b.js".*games\[0\]: no such file: ".*\/a.js"$/s,
    ),
  })
})

describe('the secret', () => {
  test('must be there in token mode', async () => {
    const cwd = tempFolder({'gs.config.yaml': 'auth: {mode: token}'})
    await expect(check(cwd)).rejects.toMatchObject({code: 'secret_missing'})
    expect(await check(cwd, {GS_AUTH_SECRET: SECRET})).toHaveProperty('file')
  })

  test('must be safe in either mode', async () => {
    await expect(check(tempFolder(), {GS_AUTH_SECRET: 'short'})).rejects.toMatchObject({code: 'secret_unsafe'})
  })
})
