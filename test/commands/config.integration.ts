import {spawn, spawnSync} from 'node:child_process'
import {existsSync, openSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {projectRoot} from '../architecture/sources.js'
import {tempFolder} from '../helpers/temp-folder.js'

const program = join(projectRoot, 'bin/run.js')
const PATH = process.env.PATH

function gs(args: readonly string[], {cwd = tempFolder(), env = {}}: {cwd?: string; env?: NodeJS.ProcessEnv} = {}) {
  const {status, stdout, stderr} = spawnSync(process.execPath, [program, ...args], {
    cwd,
    env: {PATH, ...env},
    input: '',
    encoding: 'utf8',
  })
  return {status, stdout, stderr}
}

describe('gs config show', () => {
  test('prints a table, or the data itself with --json', () => {
    const {status, stdout, stderr} = gs(['config', 'show', 'server.port'])
    expect({status, stdout, stderr}).toEqual({
      status: 0,
      stdout: 'KEY          VALUE  ORIGIN\nserver.port  7000   default\n',
      stderr: '',
    })
    const json = {file: null, keys: [{key: 'server.port', value: 7000, origin: 'default'}]}
    expect(JSON.parse(gs(['config', 'show', 'server.port', '--json']).stdout)).toEqual(json)
    expect(JSON.parse(gs(['config', 'show', 'server.port'], {env: {GS_JSON: '1'}}).stdout)).toEqual(json)
  })

  test.for([{FORCE_COLOR: '1'}, {}, {FORCE_COLOR: '0'}])('sends styles only where they are wanted: %o', env => {
    expect(gs(['config', 'show'], {env}).stdout.includes('\u001b')).toBe(env.FORCE_COLOR === '1')
  })

  test('is silent when its reader leaves', () => {
    const {status, stdout, stderr} = spawnSync(
      'sh',
      ['-c', '"$0" "$1" config show --json | head -1; "$0" "$1" config show | true', process.execPath, program],
      {cwd: tempFolder(), env: {PATH}, encoding: 'utf8'},
    )
    expect({status, stdout, stderr}).toEqual({status: 0, stdout: '{\n', stderr: ''})
  })

  test('says so when the disk is full', () => {
    const {status, stderr} = spawnSync(process.execPath, [program, 'config', 'show'], {
      cwd: tempFolder(),
      env: {PATH},
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^gs: cannot write the output: ENOSPC.*\n$/)
  })

  test('arrives whole at a slow reader', async () => {
    const plugins = Array.from({length: 64}, (_, index) => `${index}${'x'.repeat(1500)}`).join(',')
    const child = spawn('sh', ['-c', '"$0" "$1" config show --json | { sleep 1; wc -c; }', process.execPath, program], {
      cwd: tempFolder(),
      env: {PATH, GS_PLUGINS: plugins},
    })
    let sizeBytes = ''
    for await (const chunk of child.stdout) sizeBytes += chunk
    const whole = gs(['config', 'show', '--json'], {env: {GS_PLUGINS: plugins}}).stdout
    expect(Number(sizeBytes)).toBe(Buffer.byteLength(whole))
    const listed: {key: string; value: unknown}[] = JSON.parse(whole).keys
    expect(listed.find(({key}) => key === 'plugins')?.value).toHaveLength(64)
  })
})

describe('gs config init and check', () => {
  test('what init writes, check likes; a second init does not overwrite', () => {
    const cwd = tempFolder()
    const file = join(cwd, 'gs.config.yaml')
    expect(gs(['config', 'init'], {cwd})).toEqual({status: 0, stdout: `wrote ${file}\n`, stderr: ''})
    expect(existsSync(file)).toBe(true)
    expect(gs(['config', 'check'], {cwd})).toEqual({status: 0, stdout: `ok: ${file}\n`, stderr: ''})
    expect(gs(['config', 'init'], {cwd})).toMatchObject({status: 1, stdout: ''})
    expect(gs(['config', 'init', '--force'], {cwd}).status).toBe(0)
  })

  test('check lists every problem and ends with 2', () => {
    const {status, stdout, stderr} = gs(['config', 'check'], {env: {GS_SERVER_PROT: '1', GS_LOG_LEVEL: 'x'}})
    expect({status, stdout}).toEqual({status: 2, stdout: ''})
    expect(stderr.trimEnd().split('\n')).toEqual([
      'gs: 2 problems in the configuration',
      expect.stringContaining('GS_SERVER_PORT'),
      expect.stringContaining('log.level'),
    ])
  })
})

describe('a mistake on the command line', () => {
  test.for([
    [['config', 'show', '--nope']],
    [['config', 'show', 'a', 'b']],
    [['config', 'show', '--config']],
    [['token', 'issue']],
    [['token', 'issue', 'abc']],
    [['token', 'issue', '0']],
    [['token', 'issue', '4294967296']],
    [['token', 'issue', '42', '--for', '10']],
    [['token', 'issue', '42', '--for', 'soon']],
  ] as const)('%o ends with 2, words on stderr, or JSON on stdout', ([args]) => {
    const words = gs(args)
    expect(words).toMatchObject({status: 2, stdout: ''})
    expect(words.stderr).toMatch(/^gs: .*\nhint: .*\n$/s)
    expect(words.stderr).not.toContain('    at ')
    const json = gs([...args, '--json'])
    // After a flag without its value, --json is read as that value by nobody: it is a flag itself.
    expect(json).toMatchObject({status: 2, stderr: ''})
    expect(JSON.parse(json.stdout)).toEqual({
      error: {code: 'usage', message: expect.any(String), hint: expect.any(String)},
    })
  })
})

describe('gs token issue', () => {
  const env = {GS_AUTH_SECRET: 'a-secret-of-thirty-two-bytes-yes'}

  test('prints the token alone', () => {
    const {status, stdout, stderr} = gs(['token', 'issue', '42', '--for', '1h'], {env})
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  })

  test('prints who and until when with --json', () => {
    const {stdout} = gs(['token', 'issue', '42', '--for', '2h', '--json'], {env})
    const {token, userId, expiresAt} = JSON.parse(stdout)
    expect({token, userId}).toEqual({token: expect.any(String), userId: 42})
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(7_190_000)
  })
})
