import {execFileSync, spawnSync} from 'node:child_process'
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {installDebianPackage} from './debian.ts'

/** A kind of server that is measured. */
export interface Peer {
  readonly name: string
  /** As the load generator calls it. */
  readonly protocol: string
  readonly version: string
  /** It prints a line that begins with `ready` when all of it has started. */
  readonly saysReady?: boolean
  /** The command that runs it in the foreground. */
  command(port: number): readonly string[]
}

/** Where things are put that a run needs and that are gone afterwards. */
export interface Workshop {
  readonly root: string
  readonly folder: string
  /** Install what is missing: packages of npm into the folder, those of Debian into the machine. */
  readonly installs: boolean
  note(text: string): void
}

const BUILT_IN = ['metrics', 'cache', 'security', 'analytics'] as const
const SERVER_LIMITS = {
  maxConnections: 1_000_000,
  membersPerRoom: 1_000_000,
  maxRooms: 1_000_000,
  maxMemoryMb: 8192,
  maxChatCharacters: 40_000,
}
/** A load is over the limits of people at once, and longer than what people write. */
const SECURITY_LIMITS = {
  rateLimitPerMinute: 1_000_000_000,
  addressRateLimitPerMinute: 1_000_000_000,
  connectionsPerAddress: 1_000_000,
  connectsPerMinute: 1_000_000_000,
  ddosProtection: false,
  contentRules: [{name: 'chat_length', mode: 'off'}],
}
const DEBIAN = {redis: 'redis-server', nats: 'nats-server', mosquitto: 'mosquitto'} as const

export const PEER_NAMES = ['gs', 'gs-plugins', 'net', 'ws', 'socketio', 'redis', 'nats', 'mosquitto'] as const
export type PeerName = (typeof PEER_NAMES)[number]

/** Makes the peers ready; those that this machine cannot have are left out with a note. */
export function preparePeers(names: readonly PeerName[], workshop: Workshop): Peer[] {
  return names.flatMap(name => {
    try {
      return prepare(name, workshop)
    } catch (error) {
      workshop.note(`${name} is left out: ${(error as Error).message.split('\n')[0]}`)
      return []
    }
  })
}

function prepare(name: PeerName, workshop: Workshop): Peer {
  const {root} = workshop
  if (name === 'gs' || name === 'gs-plugins') return prepareGs(name, workshop)
  if (name === 'net') {
    const script = join(root, 'bench/peers/net-server.mjs')
    return {name, protocol: 'gs', version: process.version, command: port => [process.execPath, script, String(port)]}
  }
  if (name === 'ws' || name === 'socketio') return prepareNode(name, workshop)
  return prepareDebian(name, workshop)
}

function prepareGs(name: 'gs' | 'gs-plugins', {root, folder, note}: Workshop): Peer {
  const program = join(root, 'bin/run.js')
  const version = execFileSync(process.execPath, [program, '--version'], {encoding: 'utf8'}).trim()
  const plugins = name === 'gs' ? [] : BUILT_IN.filter(plugin => isBuiltIn(program, plugin, folder))
  const missing = name === 'gs' ? [] : BUILT_IN.filter(plugin => !plugins.includes(plugin))
  if (plugins.length === 0 && missing.length > 0) throw new Error('no plugin is built in')
  if (missing.length > 0) note(`${name} runs without ${missing.join(', ')}, which this version does not have`)
  const file = join(folder, `${name}.json`)
  const security = plugins.includes('security') ? {security: SECURITY_LIMITS} : {}
  writeFileSync(file, JSON.stringify({plugins, server: SERVER_LIMITS, ...security}))
  const args = ['serve', '--config', file, '--name', name, '--data-dir', join(folder, `${name}-data`)]
  return {
    name,
    protocol: 'gs',
    saysReady: true,
    version: `${version.split(' ')[0]}${plugins.length > 0 ? ` with ${plugins.join(', ')}` : ''}`,
    command: port => [process.execPath, program, ...args, '--log-level', 'warn', '--port', String(port)],
  }
}

function isBuiltIn(program: string, plugin: string, cwd: string): boolean {
  return (
    spawnSync(process.execPath, [program, 'serve', '--check', '--ephemeral', '--plugins', plugin], {cwd}).status === 0
  )
}

/** Each into a folder of its own: the project's lock file knows nothing of it, and npm removes nothing of the others. */
function prepareNode(name: 'ws' | 'socketio', {root, folder, installs}: Workshop): Peer {
  const packageName = name === 'ws' ? 'ws' : 'socket.io'
  if (!installs) throw new Error('nothing is to be installed')
  const home = join(folder, name)
  mkdirSync(home)
  execFileSync('npm', ['install', '--prefix', home, '--no-audit', '--no-fund', packageName], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const script = join(home, 'server.mjs')
  copyFileSync(join(root, `bench/peers/${name}-server.mjs`), script)
  const {version} = JSON.parse(readFileSync(join(home, 'node_modules', packageName, 'package.json'), 'utf8'))
  return {
    name,
    protocol: name === 'ws' ? 'websocket' : 'socketio',
    version,
    command: port => [process.execPath, script, String(port)],
  }
}

function prepareDebian(name: keyof typeof DEBIAN, {folder, installs}: Workshop): Peer {
  const version = installDebianPackage(DEBIAN[name], installs)
  if (name === 'redis') {
    const args = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxclients', '100000', '--dir', folder]
    return {name, protocol: 'redis', version, command: port => ['redis-server', '--port', String(port), ...args]}
  }
  if (name === 'nats') {
    return {name, protocol: 'nats', version, command: port => ['nats-server', '-a', '127.0.0.1', '-p', String(port)]}
  }
  return {
    name,
    protocol: 'mqtt',
    version,
    command(port) {
      const file = join(folder, 'mosquitto.conf')
      writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nlog_type error\n`)
      return ['/usr/sbin/mosquitto', '-c', file]
    },
  }
}
