import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {sampleFile} from '../../src/config/sample-file.js'
import {initConfig} from '../../src/ops/init-config.js'
import {tempFolder} from '../helpers/temp-folder.js'

test('the sample is written, and a file that is there only when forced', async () => {
  const cwd = tempFolder({'gs.config.yaml': 'name: mine'})
  await expect(initConfig({cwd, isForced: false})).rejects.toMatchObject({code: 'file_exists'})
  expect(readFileSync(join(cwd, 'gs.config.yaml'), 'utf8')).toBe('name: mine')
  expect(await initConfig({cwd, isForced: true})).toEqual({file: join(cwd, 'gs.config.yaml')})
  expect(readFileSync(join(cwd, 'gs.config.yaml'), 'utf8')).toBe(sampleFile())
  expect(readdirSync(cwd)).toEqual(['gs.config.yaml'])
})

test('another configuration file that goes before it is named instead of written past', async () => {
  const cwd = tempFolder({'gs.config.json': '{}'})
  const refused = expect.objectContaining({code: 'file_exists', message: expect.stringContaining('gs.config.json')})
  await expect(initConfig({cwd, isForced: false})).rejects.toEqual(refused)
  await expect(initConfig({cwd, isForced: true})).rejects.toEqual(refused)
})
