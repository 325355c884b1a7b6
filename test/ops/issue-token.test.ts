import {jwtVerify} from 'jose'
import {expect, test} from 'vitest'
import {issueToken} from '../../src/ops/issue-token.js'
import {privateFile, tempFolder} from '../helpers/temp-folder.js'

const SECRET = 'a-secret-of-thirty-two-bytes-yes'
const nowMs = Date.UTC(2026, 10, 23, 6, 55, 2, 999)
const clock = {nowMs: () => nowMs, monotonicMs: () => 0, every: () => () => {}, after: () => () => {}}

const issue = (options: Partial<Parameters<typeof issueToken>[0]> = {}) =>
  issueToken({
    userId: 42,
    lifetimeMs: 3_600_000,
    clock,
    cwd: tempFolder(),
    file: undefined,
    env: {GS_AUTH_SECRET: SECRET},
    flags: [],
    ...options,
  })

test('a token says who, since when and until when, and is signed with HS256', async () => {
  const {token, userId, expiresAt} = await issue()
  const {payload, protectedHeader} = await jwtVerify(token, Buffer.from(SECRET), {currentDate: new Date(nowMs)})
  expect(protectedHeader).toEqual({alg: 'HS256', typ: 'JWT'})
  expect(payload).toEqual({sub: '42', iat: Math.floor(nowMs / 1000), exp: Math.floor(nowMs / 1000) + 3600})
  expect({userId, expiresAt}).toEqual({userId: 42, expiresAt: '2026-11-23T07:55:02.000Z'})
})

test('a file named by a flag goes before the variable; the two together otherwise are refused', async () => {
  const cwd = tempFolder({'gs.config.yaml': 'auth: {secretFile: ./s}'})
  privateFile(cwd, 's', `${SECRET}-of-the-file`)
  await expect(issue({cwd})).rejects.toMatchObject({code: 'config_invalid'})
  for (const options of [
    {cwd, env: {}},
    {cwd, flags: [{key: 'auth.secretFile', flag: '--secret-file', value: 's'}]},
  ]) {
    const {token} = await issue(options)
    await jwtVerify(token, Buffer.from(`${SECRET}-of-the-file`), {currentDate: new Date(nowMs)})
  }
})

test('without a secret there is no token', async () => {
  await expect(issue({env: {}})).rejects.toMatchObject({code: 'secret_missing'})
})

test.for([
  [999, false],
  [1000, true],
  [3650 * 86_400_000, true],
  [3650 * 86_400_000 + 1, false],
  [0, false],
] as const)('a lifetime of %i ms: %s', async ([lifetimeMs, isFine]) => {
  if (isFine) expect(await issue({lifetimeMs})).toHaveProperty('token')
  else await expect(issue({lifetimeMs})).rejects.toMatchObject({code: 'usage'})
})
