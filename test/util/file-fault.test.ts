import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {fileFault} from '../../src/util/file-fault.js'
import {tempFolder} from '../helpers/temp-folder.js'

test.each([
  ['missing', 'no such file or folder'],
  ['there/below', 'a part of the path is no folder'],
  ['.', 'it is a folder'],
  ['x'.repeat(300), 'the name is too long'],
])('what is wrong with %s is said without its path', async (name, words) => {
  const path = join(tempFolder({there: ''}), name)
  expect(fileFault(await readFile(path).catch(error => error))).toBe(words)
})

test('of other errors the message is kept', () => {
  expect(fileFault(new Error('odd'))).toBe('odd')
  expect(fileFault('thrown text')).toBe('thrown text')
})
