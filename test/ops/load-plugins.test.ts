import {join} from 'node:path'
import {expect, test} from 'vitest'
import {loadPlugins} from '../../src/ops/load-plugins.js'
import {definePlugin} from '../../src/pipeline/define-plugin.js'
import {tempFolder} from '../helpers/temp-folder.js'

const plain = (name: string) => definePlugin({name, setup() {}})
const source = (name: string) => `export default {name: '${name}', setup() {}}`

test('plugins come as objects and from files, in the order they were named', async () => {
  const baseDir = tempFolder({
    'first.mjs': source('first'),
    'second.mjs': `export const plugin = {name: 'second', setup() {}}`,
  })
  const plugins = await loadPlugins(['./first.mjs', plain('object'), join(baseDir, 'second.mjs')], {baseDir})
  expect(plugins.map(({name}) => name)).toEqual(['first', 'object', 'second'])
})

test('built-in plugins come by their names', async () => {
  const plugins = await loadPlugins(['security', 'metrics', 'cache', 'analytics'], {baseDir: tempFolder()})
  expect(plugins.map(({name}) => name)).toEqual(['security', 'metrics', 'cache', 'analytics'])
})

test('the names of built-in plugins cannot be taken, neither by an object nor by a file', async () => {
  const baseDir = tempFolder({'metrics.mjs': source('metrics')})
  for (const entry of ['./metrics.mjs', plain('metrics')]) {
    await expect(loadPlugins([entry], {baseDir})).rejects.toMatchObject({code: 'plugin_invalid'})
  }
})

test.each([
  ['a file that is not there', './missing.mjs', 'plugin_not_found', 'there is no file'],
  ['a package that is not installed', 'no-such-package', 'plugin_not_found', 'no-such-package'],
  // What every object of JavaScript has is no plugin.
  ['a name of an inherited property', 'constructor', 'plugin_not_found', 'neither a built-in plugin nor'],
  ['the name of the prototype', '__proto__', 'plugin_not_found', 'neither a built-in plugin nor'],
  ['a module without a plugin', './empty.mjs', 'plugin_invalid', 'a plugin is the default export'],
  ['a module that throws', './throwing.mjs', 'plugin_invalid', 'could not be loaded: Error: no luck'],
  ['a plugin without a setup', './half.mjs', 'plugin_invalid', 'setup must be a function'],
  ['a name with a space', './badly-named.mjs', 'plugin_invalid', 'name must be'],
])('%s is refused in words', async (_, entry, code, words) => {
  const baseDir = tempFolder({
    'empty.mjs': 'export const other = 1',
    'throwing.mjs': `throw new Error('no luck')`,
    'half.mjs': `export default {name: 'half'}`,
    'badly-named.mjs': source('two words'),
  })
  await expect(loadPlugins([entry], {baseDir})).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words),
  })
})

test('two plugins of one name are refused', async () => {
  await expect(loadPlugins([plain('twin'), plain('twin')], {baseDir: tempFolder()})).rejects.toMatchObject({
    code: 'plugin_invalid',
    message: 'two plugins have the name twin',
  })
})
