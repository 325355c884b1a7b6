import {readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {projectRoot} from '../architecture/sources.js'
import {adminWorld} from '../helpers/admin-world.js'
import {runProgram} from '../helpers/program.js'
import {tempFolder} from '../helpers/temp-folder.js'

/** Writes at the end which files, and which modules of Node, the process loaded. */
const RECORDER = `
import {writeFileSync} from 'node:fs'
import {registerHooks} from 'node:module'
const files = []
registerHooks({load(url, context, next) {
  if (url.startsWith('file:')) files.push(url)
  return next(url, context)
}})
process.on('exit', () => writeFileSync(process.env.RECORD, JSON.stringify({files, builtins: process.moduleLoadList})))
`

const MAX_BYTES = 900_000
const SLOW_PACKAGES = /^\/\/ node_modules\/(zod|fastify|pino|ink|react|blessed|string-width|cosmiconfig|semver)\//m

async function load(args: readonly string[], runtimeDir = tempFolder()) {
  const record = join(tempFolder(), 'record.json')
  const env = {RECORD: record, NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(RECORDER)}`}
  const ran = await runProgram(args, {runtimeDir, env})
  const {files, builtins} = JSON.parse(readFileSync(record, 'utf8')) as {files: string[]; builtins: string[]}
  return {ran, paths: files.map(url => fileURLToPath(url)), builtins}
}

test('a command that asks a server loads four files, and nothing that is slow', async () => {
  const {runtimeDir} = await adminWorld()
  for (const [words, status] of [
    ['status', 0],
    ['room', 0],
    ['user kick 42', 3],
  ] as const) {
    const {ran, paths, builtins} = await load(words.split(' '), runtimeDir)
    expect(ran).toMatchObject({status, stderr: ''})
    const file = `dist/commands/${words.replace(' 42', '').replace(' ', '/')}.js`
    const expected = ['bin/run.js', 'dist/src/cli/main.js', file, 'dist/oclif.js']
    expect(paths.sort()).toEqual(expected.map(path => join(projectRoot, path)).sort())
    expect(paths.reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(MAX_BYTES)
    expect(SLOW_PACKAGES.exec(readFileSync(join(projectRoot, file), 'utf8'))?.[1]).toBeUndefined()
    expect(builtins.filter(name => /(undici|child_process|readline|worker_threads)$/.test(name))).toEqual([])
  }
})

test('gs --version loads nothing but bin/run.js', async () => {
  const {ran, paths} = await load(['--version'])
  expect(ran.stdout).toMatch(/^@gsrv\/gs\/\d/)
  expect(paths).toEqual([join(projectRoot, 'bin/run.js')])
})

// DEBUG is for those who look into oclif, so with it oclif finds the command.
test.each([
  [['room', '--sort', 'nonsense']],
  [['user', 'kick']],
  [['user', 'show', '1', '2']],
  [['status', 'extra']],
  [['room', 'show', '--', '--help']],
  [['room', 'show', '7', '--help']],
  [['config']],
  [['../../package']],
])('gs %j says the same whether oclif or gs finds the command', async args => {
  const ends = await Promise.all([{}, {DEBUG: 'nothing'}].map(env => runProgram(args, {runtimeDir: tempFolder(), env})))
  expect(ends[0]).toEqual(ends[1])
})
