import {spawnSync} from 'node:child_process'
import {closeSync, existsSync, openSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
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

test('the help lists every name once, and below a command what it has', () => {
  const names = (text: string) => [...text.matchAll(/^ {2}([a-z]+(?: [a-z]+)*) {2}/gm)].map(([, name]) => name)
  const all = names(gs('--help').stdout)
  expect(all).toEqual(expect.arrayContaining(['analytics', 'cache', 'config', 'room', 'serve', 'token', 'user']))
  expect(new Set(all).size).toBe(all.length)
  expect(names(gs('room', '--help').stdout)).toEqual(expect.arrayContaining(['room close', 'room show']))
})

test('-h is short for --help', () => {
  expect(gs('-h')).toEqual(gs('--help'))
  expect(gs('serve', '-h')).toEqual(gs('serve', '--help'))
  expect(gs('room', 'show', '-h')).toEqual(gs('room', 'show', '--help'))
})

test('an unknown command ends with status 2 and says so on stderr', () => {
  const hint = 'Did you mean gs serve? See gs --help'
  expect(gs('sevre')).toEqual({status: 2, stdout: '', stderr: `gs: there is no command "sevre"\nhint: ${hint}\n`})
  expect(gs('help', 'sevre').stderr).toBe(`gs: there is no command "sevre"\nhint: ${hint}\n`)
  expect(gs('reload', 'it').stderr).toBe('gs: there is no command "reload it"\nhint: See gs reload --help\n')
  const json = gs('sevre', '--json')
  expect(json).toMatchObject({status: 2, stderr: ''})
  expect(json.stdout).toBe(
    `${JSON.stringify({error: {code: 'usage', message: 'there is no command "sevre"', hint}})}\n`,
  )
})

describe.runIf(existsSync('/dev/full'))('on a full disk', () => {
  const words = 'gs: cannot write the output: ENOSPC: no space left on device, write\n'

  test.each([['--version'], ['--help'], ['serve', '--help'], ['sevre', '--json'], ['config', 'show']])(
    'gs %s %s says in one line that its output is lost',
    (...args) => {
      const {status, stderr} = gsWith({stdout: '/dev/full'}, args)
      expect({status, stderr}).toEqual({status: 1, stderr: words})
    },
  )

  test('gs check, whose 1 is a warning, ends with 3', () => {
    const {status, stderr} = gsWith({stdout: '/dev/full'}, ['check', '--socket', '/nowhere/gs.sock'])
    expect({status, stderr}).toEqual({status: 3, stderr: expect.stringContaining(words)})
  })

  test.each([['sevre'], ['serve', '--nope']])('gs %s keeps its status if its words are lost', (...args) => {
    expect(gsWith({stderr: '/dev/full'}, args)).toMatchObject({status: 2, stdout: ''})
  })

  test.each([['sevre'], ['serve', '--nope']])('gs %s keeps its status where no result is to be written', (...args) => {
    const {status, stderr} = gsWith({stdout: '/dev/full'}, args)
    expect({status, stderr}).toEqual({status: 2, stderr: expect.not.stringContaining(words)})
  })
})

/** Runs `gs` with one of its streams written to a file. */
function gsWith(files: {stdout?: string; stderr?: string}, args: readonly string[]) {
  const [stdout, stderr] = [files.stdout, files.stderr].map(file => (file === undefined ? 'pipe' : openSync(file, 'w')))
  try {
    return spawnSync(process.execPath, [program, ...args], {encoding: 'utf8', stdio: ['ignore', stdout, stderr]})
  } finally {
    for (const stream of [stdout, stderr]) if (typeof stream === 'number') closeSync(stream)
  }
}
