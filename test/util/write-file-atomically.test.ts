import {mkdirSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {writeFileAtomically} from '../../src/util/write-file-atomically.js'
import {tempFolder} from '../helpers/temp-folder.js'

test('a file is replaced as a whole and nothing else is left', async () => {
  const folder = tempFolder({'a.txt': 'old and longer'})
  await writeFileAtomically(join(folder, 'a.txt'), 'new')
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('new')
  expect(readdirSync(folder)).toEqual(['a.txt'])
})

test('a file that cannot be replaced leaves nothing behind', async () => {
  const folder = tempFolder()
  mkdirSync(join(folder, 'a.txt/inside'), {recursive: true})
  await expect(writeFileAtomically(join(folder, 'a.txt'), 'new')).rejects.toMatchObject({code: 'file_unwritable'})
  await expect(writeFileAtomically(join(folder, 'none/a.txt'), 'new')).rejects.toMatchObject({code: 'file_unwritable'})
  expect(readdirSync(folder)).toEqual(['a.txt'])
})
