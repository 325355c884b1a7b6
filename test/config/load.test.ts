import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {type LoadOptions, loadConfig} from '../../src/config/load.js'
import {tempFolder} from '../helpers/temp-folder.js'

const load = (cwd: string, options: Partial<LoadOptions> = {}) => loadConfig({cwd, env: {}, ...options})
const badConfig = expect.objectContaining({code: 'config_invalid'})

describe('where a value comes from', () => {
  test('flags go before the environment, the environment before the file, the file before defaults', async () => {
    const cwd = tempFolder({'gs.config.yaml': 'server: {port: 1, tickMs: 1, maxRooms: 1}'})
    const {config, origins, file} = await load(cwd, {
      env: {GS_SERVER_PORT: '2', GS_SERVER_TICK_MS: '2'},
      flags: [
        {key: 'server.port', flag: '--port', value: 3},
        {key: 'server.tickMs', flag: '--tick', value: undefined},
      ],
    })
    expect(config.server).toMatchObject({port: 3, tickMs: 2, maxRooms: 1, roomsPerUser: 32})
    expect(file).toBe(join(cwd, 'gs.config.yaml'))
    expect(
      ['server.port', 'server.tickMs', 'server.maxRooms', 'server.roomsPerUser'].map(key => origins.get(key)),
    ).toEqual(['flag --port', 'env GS_SERVER_TICK_MS', `file ${file}`, 'default'])
  })

  test('without a file there is none', async () => {
    expect((await load(tempFolder())).file).toBeNull()
  })
})

describe('the file', () => {
  const json = '{"server": {"port": 7001}}'
  const module = 'export default {server: {port: 7001}}'
  const files: Record<string, string> = {
    'gs.config.js': module,
    'gs.config.ts': 'const port: number = 7001\nexport default {server: {port}} satisfies object',
    'gs.config.mjs': module,
    'gs.config.json': json,
    'gs.config.yaml': 'server:\n  port: 7001\n',
    '.gsrc': 'server: {port: 7001}',
    '.gsrc.json': json,
    '.gsrc.yaml': 'server: {port: 7001}',
    '.gsrc.yml': 'server: {port: 7001}',
    '.gsrc.js': module,
    '.gsrc.ts': module,
    '.gsrc.mjs': module,
    'package.json': `{"name": "x", "type": "module", "gs": ${json}}`,
  }

  test.for(Object.keys(files))('may be %s', async name => {
    const cwd = tempFolder({'package.json': '{"type": "module"}', [name]: files[name] as string})
    const {config, file} = await load(cwd)
    expect(file).toBe(join(cwd, name))
    expect(config.server.port).toBe(7001)
  })

  test('may be CommonJS', async () => {
    const cwd = tempFolder({'gs.config.js': 'module.exports = {server: {port: 7001}}'})
    expect((await load(cwd)).config.server.port).toBe(7001)
  })

  test('is the first one that exists, even an empty one', async () => {
    const cwd = tempFolder({'gs.config.json': '', 'gs.config.yaml': 'server: {port: 7001}'})
    const {config, file} = await load(cwd)
    expect(file).toBe(join(cwd, 'gs.config.json'))
    expect(config.server.port).toBe(7000)
  })

  test.for(['', '\n', '# only a comment\n', '---\n', 'server:\n', '{}'])('of %j sets nothing', async content => {
    const cwd = tempFolder({'gs.config.yaml': content})
    expect((await load(cwd)).config).toEqual((await load(tempFolder())).config)
  })

  test('is not looked for in folders above, nor taken from a package.json without the key', async () => {
    const parent = tempFolder({'gs.config.yaml': 'server: {port: 1}'})
    const cwd = join(parent, 'inside')
    const {mkdirSync} = await import('node:fs')
    mkdirSync(cwd)
    writeFileSync(join(cwd, 'package.json'), '{"name": "x"}')
    expect((await load(cwd)).file).toBeNull()
  })

  test('can be named, by the option or by GS_CONFIG, and must then exist', async () => {
    const cwd = tempFolder({'a.yaml': 'name: a', 'b.json': '{"name": "b"}', 'gs.config.yaml': 'name: c'})
    expect((await load(cwd, {file: 'a.yaml', env: {GS_CONFIG: 'b.json'}})).config.name).toBe('a')
    expect((await load(cwd, {env: {GS_CONFIG: 'b.json'}})).config.name).toBe('b')
    expect((await load(cwd, {env: {GS_CONFIG: ''}})).config.name).toBe('c')
    await expect(load(cwd, {file: 'none.yaml'})).rejects.toThrow(
      `file ${join(cwd, 'none.yaml')}: cannot be read: no such file`,
    )
    await expect(load(cwd, {file: '.'})).rejects.toThrow(badConfig)
  })

  test('is read anew each time, modules too', async () => {
    for (const [name, write] of [
      ['gs.config.ts', (port: number) => `export default {server: {port: ${port} as number}}`],
      ['gs.config.js', (port: number) => `module.exports = {server: {port: ${port}}}`],
      ['gs.config.json', (port: number) => `{"server": {"port": ${port}}}`],
    ] as const) {
      const cwd = tempFolder()
      writeFileSync(join(cwd, name), write(1))
      expect((await load(cwd)).config.server.port, name).toBe(1)
      writeFileSync(join(cwd, name), write(2))
      expect((await load(cwd)).config.server.port, name).toBe(2)
    }
  })

  test('has its paths seen from its own folder', async () => {
    const folder = tempFolder({'a.yaml': 'games: [./chess.js, relay]\nlog: {file: gs.log}\nauth: {secretFile: /abs}'})
    const {config} = await load(tempFolder(), {file: join(folder, 'a.yaml')})
    expect(config.games).toEqual([join(folder, 'chess.js'), 'relay'])
    expect(config.log.file).toBe(join(folder, 'gs.log'))
    expect(config.auth.secretFile).toBe('/abs')
  })

  test.for([
    ['gs.config.yaml', 'a: [', 'cannot be read'],
    ['gs.config.yaml', 'name: a\nname: b', 'cannot be read'],
    ['gs.config.json', '{', 'cannot be read'],
    ['gs.config.json', 'null', 'must be keys with values, got null'],
    ['gs.config.json', '[]', 'must be keys with values, got []'],
    ['gs.config.yaml', 'text', 'must be keys with values, got "text"'],
    ['gs.config.mjs', 'export const a = 1', 'no default export'],
    ['gs.config.mjs', 'throw new Error("own words")', 'own words'],
    ['gs.config.ts', 'export default {', 'cannot be read'],
    ['package.json', '{"gs": 5}', 'must be keys with values, got 5'],
    ['gs.config.json', '{"$import": "./other.json"}', '$import: no such key'],
    ['gs.config.yaml', 'mine: &a [*a]', 'mine: no such key'],
    ['gs.config.yaml', 'server: &s {port: *s}', 'server.port: must be a whole number'],
    ['gs.config.yaml', 'plugins: &p [*p]', 'plugins[0]: must be'],
    [
      'gs.config.yaml',
      // Thirty lines that mean a billion words.
      ['a0: &a0 [x]', ...Array.from({length: 30}, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)].join('\n'),
      'a30: no such key',
    ],
  ] as const)('%s with %j is refused', async ([name, content, complaint]) => {
    const cwd = tempFolder({[name]: content})
    await expect(load(cwd)).rejects.toThrow(badConfig)
    await expect(load(cwd)).rejects.toThrow(complaint)
    await expect(load(cwd)).rejects.toThrow(join(cwd, name))
  })

  test.for([
    ['gs.config.json', '{"__proto__": {"polluted": 1}}', '__proto__'],
    ['gs.config.json', '{"server": {"__proto__": {"port": 1}}}', 'server.__proto__'],
    ['gs.config.yaml', 'constructor: {prototype: {}}', 'constructor'],
    ['gs.config.yaml', '__proto__: {a: 1}', '__proto__'],
    ['gs.config.yaml', 'plugins: [{prototype: 1}]', 'plugins[0].prototype'],
  ] as const)('%s with %s does not touch prototypes', async ([name, content, key]) => {
    const cwd = tempFolder({[name]: content})
    await expect(load(cwd)).rejects.toThrow(`${join(cwd, name)}: ${key}: this name is not allowed`)
    expect(({} as {polluted?: number}).polluted).toBeUndefined()
  })
})

describe('the environment', () => {
  test('sets keys of every kind', async () => {
    const cwd = tempFolder()
    const {config} = await load(cwd, {
      env: {
        GS_NAME: 'blue',
        GS_PLUGINS: ' ./a.js, b ,',
        GS_SERVER_TRUSTED_PROXIES: '10.0.0.1,fd00::/8',
        GS_SERVER_INSECURE_PUBLIC: '1',
        GS_LOG_LEVEL: 'debug',
        GS_LOG_FILE: 'gs.log',
        GS_GAME_SEAT_HOLD_MS: '0',
      },
    })
    expect(config).toMatchObject({
      name: 'blue',
      plugins: [join(cwd, 'a.js'), 'b'],
      server: {trustedProxies: ['10.0.0.1', 'fd00::/8'], insecurePublic: true},
      log: {level: 'debug', file: join(cwd, 'gs.log')},
      game: {seatHoldMs: 0},
    })
  })

  test.for([
    ['GS_SERVER_PORT', 'abc'],
    ['GS_SERVER_PORT', '70000'],
    ['GS_SERVER_PORT', '7e3'],
    ['GS_SERVER_PORT', '0x10'],
    ['GS_SERVER_PORT', ' 7000'],
    ['GS_SERVER_INSECURE_PUBLIC', 'yes'],
    ['GS_LOG_LEVEL', 'DEBUG'],
  ] as const)('%s=%s is refused with the name of the variable', async ([variable, value]) => {
    await expect(load(tempFolder(), {env: {[variable]: value}})).rejects.toThrow(
      new RegExp(`^env ${variable}: .*, got `),
    )
  })

  test('a variable that looks like a key and is none is refused, with the nearest name', async () => {
    const env = {GS_SERVER_PROT: '1', GS_LOG_LEVLE: 'info', GS_AUTH_SECRETFILE: 'x', GS_GAME_X: '1'}
    await expect(load(tempFolder(), {env})).rejects.toThrow(
      [
        '4 problems in the configuration',
        'env GS_SERVER_PROT: no such variable; did you mean GS_SERVER_PORT?',
        'env GS_LOG_LEVLE: no such variable; did you mean GS_LOG_LEVEL?',
        'env GS_AUTH_SECRETFILE: no such variable; did you mean GS_AUTH_SECRET_FILE?',
        'env GS_GAME_X: no such variable',
      ].join('\n  '),
    )
  })

  test('what belongs to others, and what is empty, is passed over', async () => {
    const env = {
      GS_SOCKET: '/x',
      GS_JSON: '1',
      GS_REEXEC: '1',
      GS_SERVER_PORT: '',
      GS_AUTH_SECRET: 'x',
      SERVER_PORT: '1',
    }
    expect((await load(tempFolder(), {env})).config.server.port).toBe(7000)
  })
})

test('every problem is told with where its value comes from', async () => {
  const cwd = tempFolder({'gs.config.yaml': 'nmae: x\nserver: {port: x, hots: y}\nlog: {level: x}'})
  const file = join(cwd, 'gs.config.yaml')
  const options = {env: {GS_SERVER_TICK_MS: '-1'}, flags: [{key: 'log.level', flag: '--log-level', value: 'loud'}]}
  await expect(load(cwd, options)).rejects.toThrow(
    [
      '5 problems in the configuration',
      `file ${file}: server.port: must be a whole number from 0 to 65535, got "x"`,
      'env GS_SERVER_TICK_MS: server.tickMs: must be a whole number from 0 to 1000, got -1',
      `file ${file}: server.hots: no such key; did you mean server.host?`,
      'flag --log-level: log.level: must be one of debug, info, warn, error, silent, got "loud"',
      `file ${file}: nmae: no such key; did you mean name?`,
    ].join('\n  '),
  )
})
