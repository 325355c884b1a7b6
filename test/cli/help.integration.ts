import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {projectRoot} from '../architecture/sources.js'

const program = join(projectRoot, 'bin/run.js')

function gs(...args: string[]) {
  const {status, stdout, stderr} = spawnSync(process.execPath, [program, ...args], {encoding: 'utf8', input: ''})
  return {status, stdout, stderr}
}

test('gs help COMMAND says the same as gs COMMAND --help', () => {
  expect(gs('help', 'serve')).toEqual(gs('serve', '--help'))
  expect(gs('help', 'serve')).toMatchObject({status: 0, stderr: '', stdout: expect.stringContaining('--port=PORT')})
})

test('an unknown command ends with status 2 and says so on stderr', () => {
  const hint = 'Did you mean gs serve? See gs --help'
  expect(gs('sevre')).toEqual({status: 2, stdout: '', stderr: `gs: there is no command "sevre"\nhint: ${hint}\n`})
  expect(gs('reload', 'it').stderr).toBe('gs: there is no command "reload it"\nhint: See gs reload --help\n')
  const json = gs('sevre', '--json')
  expect(json).toMatchObject({status: 2, stderr: ''})
  expect(JSON.parse(json.stdout)).toEqual({error: {code: 'usage', message: 'there is no command "sevre"', hint}})
})
