import {describe, expect, test} from 'vitest'
import {ConfigError} from '../../src/config/problems.js'
import {resolveConfig} from '../../src/config/resolve.js'
import type {ConfigInput} from '../../src/config/schema.js'

/** What is said about a configuration, one line for each problem. */
function complaints(input: unknown): string[] {
  try {
    resolveConfig(input as ConfigInput)
    return []
  } catch (error) {
    return (error as ConfigError).problems.map(({key, reason}) => `${key}: ${reason}`)
  }
}

test('nothing at all is a complete configuration', () => {
  const {config, pluginInput} = resolveConfig({})
  expect(config).toMatchObject({name: 'default', server: {host: '127.0.0.1', port: 7000}, auth: {mode: 'none'}})
  expect(pluginInput).toEqual({})
})

test('two configurations share no lists', () => {
  expect(resolveConfig({}).config.plugins).not.toBe(resolveConfig({}).config.plugins)
})

test('what was given is not changed', () => {
  const input = {server: {port: 0}, games: ['./a.js']}
  resolveConfig(input, {folder: '/srv'})
  expect(input).toEqual({server: {port: 0}, games: ['./a.js']})
})

test('plugins and games may be objects, and stay the same objects', () => {
  const plugin = {name: 'mine', setup() {}}
  const game = {
    name: 'chess',
    minPlayers: 2,
    maxPlayers: 2,
    setup: () => 1,
    onAction: () => 1,
    outcome: () => undefined,
  }
  const {config} = resolveConfig({plugins: [plugin, 'other'], games: [game]})
  expect(config.plugins[0]).toBe(plugin)
  expect(config.games[0]).toBe(game)
})

test('paths are seen from the given folder; names are left alone', () => {
  const {config} = resolveConfig(
    {plugins: ['./p.js', 'metrics', '/abs.js'], games: ['../g.js'], log: {file: 'a.log'}, auth: {secretFile: '../s'}},
    {folder: '/srv/app'},
  )
  expect(config.plugins).toEqual(['/srv/app/p.js', 'metrics', '/abs.js'])
  expect(config.games).toEqual(['/srv/g.js'])
  expect(config.log.file).toBe('/srv/app/a.log')
  expect(config.auth.secretFile).toBe('/srv/s')
})

describe('time to say hello and to be silent', () => {
  const timeouts = (input: ConfigInput) => {
    const {handshakeTimeoutMs, heartbeatTimeoutMs} = resolveConfig(input).config.server
    return [handshakeTimeoutMs, heartbeatTimeoutMs]
  }

  test('is long on loopback without tokens', () => {
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost', '::ffff:127.0.0.1']) {
      expect(timeouts({server: {host}}), host).toEqual([60_000, 0])
    }
  })

  test('is short with tokens, and where others can connect', () => {
    expect(timeouts({auth: {mode: 'token'}})).toEqual([5000, 45_000])
    expect(timeouts({server: {host: '0.0.0.0', insecurePublic: true}})).toEqual([5000, 45_000])
  })

  test('is what was asked for, everywhere', () => {
    expect(timeouts({server: {handshakeTimeoutMs: 5000, heartbeatTimeoutMs: 45_000}})).toEqual([5000, 45_000])
    expect(timeouts({server: {handshakeTimeoutMs: undefined, heartbeatTimeoutMs: 7}})).toEqual([60_000, 7])
  })
})

describe('an address that others can reach', () => {
  test.for(['0.0.0.0', '::', '192.168.0.1', 'games.example.com', '128.0.0.1'])('%s needs tokens or consent', host => {
    expect(() => resolveConfig({server: {host}})).toThrow(expect.objectContaining({code: 'insecure_public'}))
    expect(() => resolveConfig({server: {host}})).toThrow(
      expect.objectContaining({hint: expect.stringContaining('--insecure-public')}),
    )
    expect(complaints({server: {host}, auth: {mode: 'token'}})).toEqual([])
    expect(complaints({server: {host, insecurePublic: true}})).toEqual([])
  })
})

describe('a wrong configuration', () => {
  test('is told all that is wrong with it at once', () => {
    expect(
      complaints({
        nmae: 'x',
        name: 'a b',
        server: {port: 70_000, host: 5, prot: 1, trustedProxies: ['10.0.0.1', 'x', 7], unsentSoftBytes: 2_000_000},
        game: 7,
        auth: {mode: 'jwt'},
        games: [{}],
      }),
    ).toEqual([
      'name: must be letters, digits, ".", "_" and "-", starting with a letter or digit, got "a b"',
      'games[0]: must be a name or path of a game, got {}',
      'server.host: must be an address or a host name, got 5',
      'server.port: must be a whole number from 0 to 65535, got 70000',
      'server.trustedProxies[1]: must be an address or a CIDR range, got "x"',
      'server.trustedProxies[2]: must be an address or a CIDR range, got 7',
      'server.prot: no such key; did you mean server.port?',
      'game: must be a group of keys, got 7',
      'auth.mode: must be one of none, token, got "jwt"',
      'server.unsentSoftBytes: must be at most server.unsentHardBytes (1048576), got 2000000',
      'nmae: no such key; did you mean name?',
    ])
  })

  test('is one error of one line when one thing is wrong', () => {
    expect(() => resolveConfig({server: {port: -1}})).toThrow(
      new ConfigError([
        {key: 'server.port', reason: 'must be a whole number from 0 to 65535, got -1', origin: 'options'},
      ]),
    )
    expect(() => resolveConfig({server: {port: -1}})).toThrow(
      'options: server.port: must be a whole number from 0 to 65535, got -1',
    )
  })

  test.for([
    [{server: {unsentHardBytes: 300_000_000}}, 'server.unsentHardBytes: must be at most server.unsentTotalBytes'],
    [
      {server: {maxFrameBytes: 4095}},
      'server.maxFrameBytesBeforeHello: must be at most server.maxFrameBytes (4095), got 4096',
    ],
    [{server: []}, 'server: must be a group of keys, got []'],
    [{server: {trustedProxies: '10.0.0.1'}}, 'server.trustedProxies: must be a list of addresses or CIDR ranges'],
    [{server: {port: null}}, 'server.port: must be a whole number from 0 to 65535, got null'],
    [{server: {port: '7000'}}, 'got "7000"'],
    [{log: {file: ''}}, 'log.file: must be a path, got ""'],
    [{name: 'x'.repeat(33)}, 'starting with a letter or digit, 1 to 32 characters, got "xxx'],
    [{plugins: ['']}, 'plugins[0]: must be a name or path of a plugin, got ""'],
  ] as const)('%o is refused', ([input, complaint]) => {
    expect(complaints(input)).toEqual([expect.stringContaining(complaint)])
  })

  test('never repeats a secret that was put in it', () => {
    const [complaint] = complaints({auth: {secret: 'hunter2hunter2'}})
    expect(complaint).toContain('use auth.secretFile or GS_AUTH_SECRET')
    expect(complaint).not.toContain('hunter2')
  })

  test('sends no control characters to the terminal', () => {
    expect(complaints({name: '\u001b[2J'}).join()).toContain('got "\\u001b[2J"')
    expect(() => resolveConfig({'k\u001by': 1})).toThrow('options: k\\u001by: no such key')
  })
})

describe('data', () => {
  test('is kept in memory unless a folder is named, and never in both', () => {
    expect(resolveConfig({}).config.ephemeral).toBe(true)
    expect(resolveConfig({dataDir: '/srv/gs'}).config).toMatchObject({ephemeral: false, dataDir: '/srv/gs'})
    expect(resolveConfig({dataDir: 'data'}, {folder: '/srv'}).config.dataDir).toBe('/srv/data')
    expect(complaints({dataDir: '/srv/gs', ephemeral: true})).toEqual([
      'ephemeral: is true, and dataDir names /srv/gs to keep data in',
    ])
  })
})

describe('keys of plugins', () => {
  test('are handed on when there are plugins, and unknown when there are none', () => {
    expect(resolveConfig({plugins: ['mine'], mine: {a: 1}, $schema: 'x'}).pluginInput).toEqual({mine: {a: 1}})
    expect(complaints({servre: {a: 1}})).toEqual(['servre: no such key; did you mean server?'])
  })
})

test('a group without keys means no group', () => {
  expect(resolveConfig({server: null, log: undefined} as never).config.server.port).toBe(7000)
})
