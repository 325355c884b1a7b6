import {readdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {ExclusiveLock} from '../../src/util/exclusive-lock.js'
import {tempFolder} from '../helpers/temp-folder.js'

test('one has it until it is freed, and freeing twice is freeing once', () => {
  const folder = tempFolder()
  const path = join(folder, 'a.lock')
  const first = ExclusiveLock.take(path)
  expect(ExclusiveLock.take(path)).toBeNull()
  first?.free()
  first?.free()
  const second = ExclusiveLock.take(path)
  expect(second).not.toBeNull()
  expect(ExclusiveLock.take(path)).toBeNull()
  second?.free()
  expect(readdirSync(folder)).toEqual(['a.lock'])
  expect(statSync(path)).toMatchObject({size: 0})
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a file that is no lock is left alone', () => {
  const folder = tempFolder({'yarn.lock': '# yarn'})
  expect(() => ExclusiveLock.take(join(folder, 'yarn.lock'))).toThrow('it is not empty')
  writeFileSync(join(folder, 'target'), '')
  symlinkSync(join(folder, 'target'), join(folder, 'link.lock'))
  expect(() => ExclusiveLock.take(join(folder, 'link.lock'))).toThrow('is not a regular file')
  expect(() => ExclusiveLock.take(join(folder, 'none/a.lock'))).toThrow()
})
