import {expect, test} from 'vitest'
import {loadInTime} from '../../src/ops/load-in-time.js'
import {tempFolder} from '../helpers/temp-folder.js'

test('a configuration is loaded, and one that waits for what never comes is given up', async () => {
  const load = (content: string, limitMs: number) =>
    loadInTime({cwd: tempFolder({'gs.config.mjs': content}), env: {}}, limitMs)
  expect((await load('export default {name: "one"}', 10_000)).config.name).toBe('one')
  await expect(load('await new Promise(() => {})\nexport default {}', 20)).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'the configuration did not load within 20 ms',
  })
  await expect(load('export default {name: 7}', 10_000)).rejects.toThrow('name')
})
