import {type BigIntStats, chmodSync, lstatSync, mkdirSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {GsError} from '../errors.js'
import {visibleText, visibleValue} from './visible-text.js'

/**
 * Where servers leave their admin sockets: `$XDG_RUNTIME_DIR/gs`, `/run/gs` where somebody made it, `<tmp>/gs-<uid>`. The
 * mode of the directory is what keeps other users out, so nothing is left in, or believed from, one that is not private.
 */

/** The longest path that a socket can have on every system; a longer one would be cut off without a word. */
export const MAX_SOCKET_PATH_BYTES = 103

/** Names of servers. They become names of files. */
const NAME = /^[a-z0-9][a-z0-9._-]*$/i

/** What the places depend on. */
export interface RunDirectoryBase {
  /** `XDG_RUNTIME_DIR`. */
  readonly runtimeDir: string | undefined
  /** Where the system's services have theirs: `/run`. */
  readonly systemDir: string
  readonly tempDir: string
  readonly uid: number
}

export function runDirectoryBase(env: NodeJS.ProcessEnv): RunDirectoryBase {
  return {
    runtimeDir: env.XDG_RUNTIME_DIR || undefined,
    systemDir: '/run',
    tempDir: tmpdir(),
    uid: process.getuid?.() ?? -1,
  }
}

interface Candidate {
  readonly path: string
  /** The directory it stands in, when nothing is made or found unless that is ours. */
  readonly ownParent: string | null
  /** Whoever can make it was given it by root, so an owner of another name is no stranger. */
  readonly isSystem: boolean
}

function candidates({runtimeDir, systemDir, tempDir, uid}: RunDirectoryBase): Candidate[] {
  const system = {path: join(systemDir, 'gs'), ownParent: null, isSystem: true}
  const temporary = {path: join(tempDir, `gs-${uid}`), ownParent: null, isSystem: false}
  if (runtimeDir === undefined) return [system, temporary]
  return [{path: join(runtimeDir, 'gs'), ownParent: runtimeDir, isSystem: false}, system, temporary]
}

/**
 * The run directory for a server's socket: the first that can be used, made with mode 0700 when it is not there.
 *
 * @throws {GsError} run_directory_unsafe when one is not private, or none can be used.
 */
export function openRunDirectory(base: RunDirectoryBase): string {
  const failures: Error[] = []
  for (const candidate of candidates(base)) {
    try {
      if (makeUsable(candidate, base.uid)) return candidate.path
    } catch (error) {
      if (GsError.is(error)) throw error
      failures.push(error as Error)
    }
  }
  const reasons = failures.map(({message}) => message).join('; ')
  throw new GsError('run_directory_unsafe', `no directory for the admin socket can be used: ${reasons}`, {
    cause: failures[0],
    hint: 'Set XDG_RUNTIME_DIR to a directory of yours, or admin.socket to a path.',
  })
}

/** The directories in which sockets are looked for, and what is wrong with those that are passed over. */
export function searchRunDirectories(base: RunDirectoryBase): {found: string[]; refused: GsError[]} {
  const found: string[] = []
  const refused: GsError[] = []
  for (const {path, ownParent, isSystem} of candidates(base)) {
    if (ownParent !== null && !isOwn(ownParent, base.uid)) continue
    const stats = look(path)
    if (stats === undefined) continue
    const fault = faultOf(path, stats, isSystem ? Number(stats.uid) : base.uid)
    if (fault === undefined) found.push(path)
    else refused.push(fault)
  }
  return {found, refused}
}

/** @throws {GsError} usage, or socket_path_too_long. */
export function socketPath(directory: string, name: string): string {
  checkInstanceName(name)
  const path = join(directory, `${name}.sock`)
  checkSocketPath(path)
  return path
}

/** @throws {GsError} usage for what cannot be the name of a server. */
export function checkInstanceName(name: string): void {
  if (NAME.test(name)) return
  throw new GsError('usage', `not a name of a server: ${visibleValue(name)}`, {
    hint: 'Names are letters, digits, ".", "_" and "-", and start with a letter or digit.',
  })
}

/** @throws {GsError} socket_path_too_long above 103 bytes. */
export function checkSocketPath(path: string): void {
  const sizeBytes = Buffer.byteLength(path)
  if (sizeBytes <= MAX_SOCKET_PATH_BYTES && !path.includes('\0')) return
  throw new GsError(
    'socket_path_too_long',
    `the path of a socket has at most ${MAX_SOCKET_PATH_BYTES} bytes, this one has ${sizeBytes}: ${visibleText(path)}`,
    {hint: 'Choose a shorter one: a shorter name, another XDG_RUNTIME_DIR, or admin.socket.'},
  )
}

/** False: there is nothing, and nothing is to be made there. */
function makeUsable({path, ownParent, isSystem}: Candidate, uid: number): boolean {
  if (ownParent !== null && !isOwn(ownParent, uid)) return false
  const stats = look(path)
  if (isSystem) {
    // A service's directory that belongs to another user is that user's business.
    if (stats === undefined || !stats.isDirectory() || Number(stats.uid) !== uid) return false
  } else if (stats === undefined) {
    makeDirectory(path)
  }
  const fault = faultOf(path, stats ?? lstatSync(path, {bigint: true}), uid)
  if (fault !== undefined) throw fault
  return true
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, {mode: 0o700})
  } catch (error) {
    // Another server was faster; whoever made it, it is judged next.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return
    throw error
  }
  // The umask may have taken away what the owner needs.
  chmodSync(path, 0o700)
}

function isOwn(directory: string, uid: number): boolean {
  const stats = look(directory)
  return stats?.isDirectory() === true && Number(stats.uid) === uid
}

function look(path: string): BigIntStats | undefined {
  return lstatSync(path, {bigint: true, throwIfNoEntry: false})
}

function faultOf(path: string, stats: BigIntStats, uid: number): GsError | undefined {
  const shown = visibleText(path)
  if (!stats.isDirectory()) return unsafe(`${shown} is not a directory`, `Remove it: rm ${shown}`)
  if (Number(stats.uid) !== uid) {
    const hint = 'Somebody else made it. Set XDG_RUNTIME_DIR to a directory of yours, or name the socket itself.'
    return unsafe(`${shown} belongs to user ${stats.uid}, not to user ${uid}`, hint)
  }
  const mode = Number(stats.mode & 0o777n)
  if (mode !== 0o700) {
    const octal = mode.toString(8).padStart(4, '0')
    return unsafe(`${shown} has mode ${octal}, not 0700`, `Run: chmod 700 ${shown}`)
  }
  return undefined
}

function unsafe(message: string, hint: string): GsError {
  return new GsError('run_directory_unsafe', `the run directory is not safe: ${message}`, {hint})
}
