import {accessSync, constants, readdirSync, readFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import type {InstanceRecord} from '../../contract/admin.js'
import {GsError} from '../../errors.js'
import {
  checkInstanceName,
  checkSocketPath,
  type RunDirectoryBase,
  searchRunDirectories,
} from '../../util/run-directory.js'
import {visibleText} from '../../util/visible-text.js'
import {probeSocket} from './probe-socket.js'
import {serverGone, unreachable} from './unreachable.js'

/** Which server is meant; the path goes before the name. Neither: the only one that runs. */
export interface InstanceChoice {
  readonly socket?: string | undefined
  readonly name?: string | undefined
}

/**
 * A flag goes before a variable, whichever of the two it is, and a path before a name. The variables are `GS_SOCKET` and
 * `GS_NAME`; empty ones are as good as none.
 *
 * @throws {GsError} usage for a flag that is empty: a script whose variable is not set must not reach another server.
 */
export function chooseInstance({socket, name}: InstanceChoice, env: NodeJS.ProcessEnv): InstanceChoice {
  if (socket === '' || name === '') {
    throw new GsError('usage', `--${socket === '' ? 'socket' : 'name'} is empty`, {
      hint: 'Name a server, or leave it out.',
    })
  }
  if (socket) return {socket}
  if (name) return {name}
  if (env.GS_SOCKET) return {socket: env.GS_SOCKET}
  return env.GS_NAME ? {name: env.GS_NAME} : {}
}

/** A server that runs, or that left its record behind. */
export interface Instance {
  readonly name: string
  readonly socket: string
  /** `stale`: it is gone without having cleaned up. */
  readonly state: 'live' | 'stale' | 'forbidden'
  /** Null: it cannot be read. */
  readonly record: InstanceRecord | null
}

/** Longer files are no records. */
const MAX_RECORD_BYTES = 65_536
const RECORD_ENDING = '.json'

/**
 * The path of the socket of the server that is meant.
 *
 * @throws {GsError} server_unreachable or not_permitted when there is none; ambiguous_instance when two or more run;
 * run_directory_unsafe when the only place to look is not private; usage; socket_path_too_long.
 */
export async function findSocket({socket, name}: InstanceChoice, base: RunDirectoryBase): Promise<string> {
  if (socket !== undefined) {
    const path = resolve(socket)
    checkSocketPath(path)
    return path
  }
  if (name !== undefined) checkInstanceName(name)
  const instances = await listInstances(base, name)
  const live = instances.filter(({state}) => state === 'live')
  if (live.length > 1) throw ambiguous(live)
  if (live[0] !== undefined) return live[0].socket
  throw noneLive(instances, name, base)
}

/** The servers that have a record in the run directories, by name; with `name` only those of that name. */
export async function listInstances(base: RunDirectoryBase, name?: string): Promise<Instance[]> {
  const {found} = searchRunDirectories(base)
  const names = found.flatMap(directory => recordNames(directory).map(recordName => ({directory, name: recordName})))
  const wanted = names.filter(record => name === undefined || record.name === name)
  const instances = await Promise.all(wanted.map(record => describeInstance(record)))
  return instances.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
}

function recordNames(directory: string): string[] {
  try {
    const files = readdirSync(directory).filter(file => file.endsWith(RECORD_ENDING))
    return files.map(file => file.slice(0, -RECORD_ENDING.length))
  } catch (error) {
    // Of another user, or gone this moment: what cannot be seen is not there.
    if (isFileSystemError(error)) return []
    throw error
  }
}

async function describeInstance({directory, name}: {directory: string; name: string}): Promise<Instance> {
  const record = readRecord(join(directory, `${name}${RECORD_ENDING}`))
  const socket = record?.socket ?? join(directory, `${name}.sock`)
  return {name, socket, record, state: await stateOf(socket)}
}

async function stateOf(socket: string): Promise<Instance['state']> {
  try {
    checkSocketPath(socket)
    const state = await probeSocket(socket)
    return state === 'refused' || state === 'absent' ? 'stale' : state
  } catch {
    // A path that cannot be connected to for any other reason has no server behind it.
    return 'stale'
  }
}

/** The record, if every field that is used is there; a newer server may have written more. */
function readRecord(path: string): InstanceRecord | null {
  try {
    const text = readFileSync(path, 'utf8')
    if (text.length > MAX_RECORD_BYTES) return null
    const record: Partial<InstanceRecord> = JSON.parse(text)
    const texts = [record.name, record.socket, record.host, record.version, record.startedAt]
    const numbers = [record.v, record.pid, record.port]
    const isWhole = texts.every(text => typeof text === 'string') && numbers.every(Number.isSafeInteger)
    return isWhole ? (record as InstanceRecord) : null
  } catch {
    // The caller goes on without it: name and path come from the file's own.
    return null
  }
}

function ambiguous(live: readonly Instance[]): GsError {
  const isOneName = new Set(live.map(({name}) => name)).size === 1
  const list = live.map(({name, socket}) => `${visibleText(name)} (${visibleText(socket)})`).join(', ')
  return new GsError('ambiguous_instance', `${live.length} servers are running: ${list}`, {
    hint: isOneName ? 'Say which with --socket or GS_SOCKET.' : 'Say which with --name or GS_NAME.',
  })
}

function noneLive(instances: readonly Instance[], name: string | undefined, base: RunDirectoryBase): GsError {
  const forbidden = instances.find(({state}) => state === 'forbidden')
  if (forbidden !== undefined) return unreachable(forbidden.socket, 'forbidden')
  const [stale] = instances
  if (stale !== undefined) return serverGone(stale.socket)
  const {found, refused} = searchRunDirectories(base)
  const closed = found.find(directory => !isReadable(directory))
  if (closed !== undefined) return notReadable(closed)
  if (found.length === 0 && refused[0] !== undefined) return refused[0]
  const what = name === undefined ? 'no server is running' : `no server named ${name} is running`
  return new GsError('server_unreachable', what, {
    hint: '"gs serve" starts one. One with a socket of its own is found by --socket or GS_SOCKET.',
  })
}

function isReadable(directory: string): boolean {
  try {
    accessSync(directory, constants.R_OK | constants.X_OK)
    return true
  } catch {
    // The answer is no, whatever the reason.
    return false
  }
}

function notReadable(directory: string): GsError {
  return new GsError('not_permitted', `no server of yours is running, and you may not look into ${directory}`, {
    hint: 'A server may run there as another user: ask as that user, or by its read-only socket with --socket.',
  })
}

function isFileSystemError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === 'string'
}
