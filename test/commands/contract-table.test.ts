import {describe, expect, test} from 'vitest'
import {commandsPage} from '../../src/render/commands-page.js'
import type {Manifest, ManifestCommand} from '../../src/render/manifest.js'
import {readPage, section, tableRows} from '../docs/markdown.js'

/** What users may rely on. Adding here is easy; taking away or renaming breaks somebody's script. */
const CONTRACT: Record<string, readonly string[]> = {
  serve: [
    ...['check', 'config', 'data-dir', 'ephemeral', 'host', 'insecure-public'],
    ...['log-file', 'log-level', 'name', 'plugins', 'port'],
  ],
  connect: [...['framing', 'host', 'linger', 'nickname', 'port', 'room', 'script', 'timeout', 'token-file', 'user']],
  completion: [],
  'config check': ['config'],
  'config init': ['force'],
  'config show': ['config'],
  'token issue': ['config', 'for', 'secret-file'],
  'cache simulate': ['policies', 'sizes'],
  'analytics demo': ['data-dir', 'days', 'seed', 'users'],
}

const ASKING_FLAGS = ['name', 'socket', 'timeout']

/** Commands that ask a running server, without the flags that all of them have. */
const ASKING: Record<string, readonly string[]> = {
  status: [],
  stop: ['wait'],
  drain: ['for'],
  reload: [],
  room: ['limit', 'reverse', 'sort'],
  'room show': [],
  'room close': ['message'],
  user: ['limit', 'reverse', 'sort'],
  'user show': [],
  'user kick': ['message'],
  notice: ['room'],
  closed: ['limit', 'reason', 'reverse', 'sort', 'user'],
  logs: ['follow', 'level', 'lines'],
  trace: ['for', 'ip', 'room', 'user'],
  cache: ['interval', 'watch'],
  'cache keys': ['limit', 'prefix', 'reverse', 'sort', 'tier'],
  'cache get': [],
  'cache explain': [],
  'cache set': ['ttl'],
  'cache delete': ['prefix'],
  'cache clear': ['yes'],
  'cache cleanup': [],
  'cache resize': ['l1', 'l2'],
  'cache trace': [],
  'cache trace start': ['reads'],
  'cache trace stop': [],
  top: ['ascii', 'batch', 'count', 'delay', 'filter', 'limit', 'once', 'read-only', 'reverse', 'sort', 'view'],
  security: [],
  'security list': ['cidr', 'ip', 'limit', 'reverse', 'rule', 'since', 'sort', 'user'],
  'security show': [],
  'security block': ['cidr', 'for', 'force', 'ip', 'reason'],
  'security unblock': ['all', 'cidr', 'ip', 'rule'],
  'security allow': ['cidr', 'for', 'ip', 'limit', 'reason', 'reverse', 'sort'],
  'security disallow': ['cidr', 'ip'],
  'security rules': [],
  'security audit': ['limit'],
  'security export': [],
  'security import': [],
  backup: [],
  plugin: [],
  'plugin enable': [],
  'plugin disable': ['yes'],
  'plugin call': ['body'],
  metrics: ['limit', 'prometheus', 'reverse', 'sort'],
  'metrics slow': ['limit', 'sort'],
  check: [
    ...['critical', 'warn'],
    ...[
      ...['avg', 'bytes-in', 'bytes-out', 'closed', 'connections', 'cpu', 'deliveries', 'errors', 'heap', 'hook-time'],
      ...['loop-busy', 'loop-delay', 'memory', 'messages', 'p50', 'p95', 'p99', 'refusals', 'rooms'],
      ...['slow-consumers', 'unsent', 'users'],
    ].flatMap(name => [`${name}-critical`, `${name}-warn`]),
  ],
  analytics: ['watch'],
  'analytics user': ['data-dir'],
  'analytics room': ['data-dir'],
  'analytics rank': ['by', 'data-dir', 'limit', 'rooms', 'since'],
  'analytics events': ['follow', 'limit', 'room', 'since', 'type', 'user'],
  'analytics heatmap': ['data-dir', 'room', 'since'],
  'analytics retention': ['data-dir', 'weeks'],
  'analytics query': ['data-dir', 'limit', 'max-time'],
  'analytics export': ['data-dir', 'force', 'format', 'out', 'since', 'view'],
  'analytics report': ['data-dir', 'force', 'out', 'since', 'title'],
  'analytics forget': ['yes'],
  bench: [
    ...['admin', 'clients', 'duration', 'fail-if', 'framing', 'host', 'payload', 'port'],
    ...['publishers', 'rate', 'rooms', 'warmup', 'window', 'workers'],
  ],
}

const manifest: Manifest = JSON.parse(readPage('oclif.manifest.json'))
const page = readPage('docs/commands.md')
const commands = new Map(Object.values(manifest.commands).map(command => [command.id.replaceAll(':', ' '), command]))

function flagsOf(command: ManifestCommand | undefined): string[] {
  return Object.keys(command?.flags ?? {}).sort()
}

describe('the commands', () => {
  test('are those that users rely on, and no others', () => {
    expect([...commands.keys()].sort()).toEqual([...Object.keys(CONTRACT), ...Object.keys(ASKING)].sort())
  })

  test.for(Object.entries(CONTRACT))('gs %s has its flags, and --json', ([name, flags]) => {
    expect(flagsOf(commands.get(name))).toEqual([...flags, 'json'].sort())
  })

  test.for(Object.entries(ASKING))('gs %s asks a server, so it has the flags for that, too', ([name, flags]) => {
    expect(flagsOf(commands.get(name))).toEqual([...flags, ...ASKING_FLAGS, 'json'].sort())
  })

  test.for([...commands])('gs %s explains itself', ([name, {summary, examples, flags, args}]) => {
    expect(summary).toMatch(/^[A-Z].*\.$/)
    expect(examples?.some(example => example.includes(`<%= config.bin %> ${name}`))).toBe(true)
    for (const {name: part, description} of [...Object.values(flags), ...Object.values(args)]) {
      expect(description, part).toMatch(/^\S.{4,}/)
    }
  })
})

describe('docs/commands.md', () => {
  const parts = page.split(/^## /m).filter(part => part.startsWith('`gs '))
  const titleOf = (part: string) => /^`gs ([^`]+)`/.exec(part)?.[1] ?? ''
  const nameOf = (title: string) => title.replace(/ [A-Z[].*$/, '')

  test('is what the build makes of the manifest', () => {
    expect(page).toBe(commandsPage(manifest))
    expect(commandsPage(manifest)).toBe(commandsPage(manifest))
  })

  test('has every command, in the table and with its flags, and no others', () => {
    const documented = new Map(parts.map(part => [nameOf(titleOf(part)), tableRows(part)]))
    expect([...documented.keys()].sort()).toEqual([...commands.keys()].sort())
    for (const [name, rows] of documented) {
      const flags = rows.flatMap(([cell]) => /^`--([\w-]+)/.exec(cell ?? '')?.[1] ?? [])
      const shared = name in ASKING ? [...ASKING_FLAGS, 'json'] : []
      expect([...flags, ...shared].sort(), name).toEqual(flagsOf(commands.get(name)))
    }
    const overview = tableRows(page.slice(0, page.indexOf('\n## '))).map(
      ([cell]) => /^\[`gs ([^`]+)`/.exec(cell ?? '')?.[1],
    )
    expect(overview.filter(title => title !== undefined)).toEqual(parts.map(titleOf))
  })

  test('has the flags of commands that ask a server in one place', () => {
    const rows = tableRows(section(page, '## Flags of all commands that ask a server'))
    expect(rows.map(([cell]) => /^`--([\w-]+)/.exec(cell ?? '')?.[1]).sort()).toEqual([...ASKING_FLAGS, 'json'].sort())
  })

  test('gives the arguments in their order', () => {
    expect(parts.map(titleOf)).toContain('plugin call PLUGIN PATH')
  })
})
