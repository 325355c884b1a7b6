import {chmodSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {inspect} from 'node:util'
import {describe, expect, test} from 'vitest'
import {loadSecret} from '../../src/config/secret.js'
import {privateFile, tempFolder} from '../helpers/temp-folder.js'

const SECRET = 'a-secret-of-thirty-two-bytes-yes'

test('there need not be one', async () => {
  expect(await loadSecret({secretFile: null, env: {}})).toBeNull()
  expect(await loadSecret({secretFile: null, env: {GS_AUTH_SECRET: ''}})).toBeNull()
})

test('it comes from the variable or from the file, without the line break at its end', async () => {
  const file = privateFile(tempFolder(), 's', `${SECRET}\r\n`)
  for (const key of [
    await loadSecret({secretFile: file, env: {}}),
    await loadSecret({secretFile: null, env: {GS_AUTH_SECRET: SECRET}}),
  ]) {
    expect(key?.export().toString()).toBe(SECRET)
  }
})

test('it does not show when it is printed', async () => {
  const key = await loadSecret({secretFile: null, env: {GS_AUTH_SECRET: SECRET}})
  expect(inspect(key, {depth: 9, showHidden: true}) + JSON.stringify({key})).not.toContain(SECRET.slice(0, 8))
})

describe('it is refused', () => {
  test('when both are given', async () => {
    const file = privateFile(tempFolder(), 's', SECRET)
    const both = loadSecret({secretFile: file, env: {GS_AUTH_SECRET: SECRET}})
    await expect(both).rejects.toMatchObject({code: 'config_invalid'})
    await expect(both).rejects.not.toThrow(SECRET)
  })

  test.for([0o640, 0o604, 0o660, 0o644, 0o601])('when the file has mode %o', async mode => {
    const file = privateFile(tempFolder(), 's', SECRET)
    chmodSync(file, mode)
    await expect(loadSecret({secretFile: file, env: {}})).rejects.toMatchObject({
      code: 'secret_unsafe',
      hint: `Run: chmod 600 ${file}`,
    })
  })

  test.for([0o600, 0o400])('but not with mode %o', async mode => {
    const file = privateFile(tempFolder(), 's', SECRET)
    chmodSync(file, mode)
    expect(await loadSecret({secretFile: file, env: {}})).not.toBeNull()
  })

  test('when it is shorter than 32 bytes, and the message does not repeat it', async () => {
    const short = `${SECRET.slice(1)}\n\n`
    for (const options of [
      {secretFile: privateFile(tempFolder(), 's', short), env: {}},
      {secretFile: null, env: {GS_AUTH_SECRET: short}},
    ]) {
      const refusal = await loadSecret(options).catch(error => error)
      expect(refusal).toMatchObject({code: 'secret_unsafe', message: expect.stringContaining('has 31 bytes')})
      expect(refusal.message).not.toContain(short.slice(0, 8))
    }
  })

  test('when the file is not there, is a folder, or is far too large', async () => {
    const folder = tempFolder()
    chmodSync(folder, 0o700)
    await expect(loadSecret({secretFile: join(folder, 'none'), env: {}})).rejects.toMatchObject({
      code: 'secret_missing',
    })
    await expect(loadSecret({secretFile: folder, env: {}})).rejects.toMatchObject({code: 'secret_missing'})
    writeFileSync(join(folder, 'big'), 'x'.repeat(65_537), {mode: 0o600})
    await expect(loadSecret({secretFile: join(folder, 'big'), env: {}})).rejects.toMatchObject({code: 'secret_unsafe'})
  })
})
