import {once} from 'node:events'
import {type BigIntStats, chmodSync, lstatSync, mkdtempSync, readFileSync, renameSync, rmSync} from 'node:fs'
import type {Server} from 'node:http'
import {dirname, join, resolve} from 'node:path'
import {probeSocket} from '../client/admin/probe-socket.js'
import type {InstanceRecord} from '../contract/admin.js'
import {GsError} from '../errors.js'
import {ExclusiveLock} from '../util/exclusive-lock.js'
import {checkSocketPath} from '../util/run-directory.js'
import {visibleText} from '../util/visible-text.js'
import {writeFileAtomically} from '../util/write-file-atomically.js'

/*
 * How a socket comes to stand at its path:
 *
 * 1. The lock beside it is taken. Whoever holds it is the only one that changes anything at the path.
 * 2. What is at the path is looked at: only a socket of ours that refuses connections may be replaced.
 * 3. The server binds inside a temporary directory that only its owner can enter, so nobody connects before the socket
 *    has its mode, whatever the umask.
 * 4. The record is written, then the socket is renamed into place: one step, and nobody sees a path without a server.
 *
 * On the way back the path and the record go only if they are still those of this server.
 */

export interface AdminSocketOptions {
  /** Where the socket is to be, at most 103 bytes. Its folder is there already. */
  readonly path: string
  /** Does not listen yet. From here on its listening and closing are the socket's business. */
  readonly server: Server
  /** 0600: its owner only. 0660: the group of the process, too. */
  readonly mode: 0o600 | 0o660
  /** What stands beside the socket for those who look for servers; null: nothing. */
  readonly record: Omit<InstanceRecord, 'socket'> | null
  /** A connection could not be accepted; the socket goes on. */
  readonly onError: (error: Error) => void
}

export interface AdminSocket {
  readonly path: string
  /** Ends every connection and takes path and record away. Closing twice is closing once. */
  close(): Promise<void>
}

interface Files {
  readonly socket: string
  readonly lock: string
  readonly record: string
}

/**
 * Has `server` listen on a socket at `path`.
 *
 * @throws {GsError} already_running when a server is there; socket_path_taken when something is there that is not ours
 * to replace; socket_path_too_long; listen_failed for the rest. Nothing is left behind then.
 */
export async function openAdminSocket(options: AdminSocketOptions): Promise<AdminSocket> {
  const files = filesOf(resolve(options.path))
  checkSocketPath(files.socket)
  // The temporary path is longer than that of a server with a name of one or two characters.
  checkSocketPath(join(dirname(files.socket), 'random/s'))
  const lock = takeLock(files)
  try {
    await checkReplaceable(files)
    return await bind(options, files, lock)
  } catch (error) {
    lock.free()
    throw explain(error, files.socket)
  }
}

async function bind({server, mode, record, onError}: AdminSocketOptions, files: Files, lock: ExclusiveLock) {
  const recordText = record && `${JSON.stringify({...record, socket: files.socket} satisfies InstanceRecord)}\n`
  const folder = mkdtempSync(join(dirname(files.socket), '/'))
  try {
    // The umask may have taken away what the owner needs.
    chmodSync(folder, 0o700)
    const temporaryPath = join(folder, 's')
    server.listen({path: temporaryPath})
    await once(server, 'listening')
    server.on('error', onError)
    chmodSync(temporaryPath, mode)
    if (recordText !== null) await writeFileAtomically(files.record, recordText)
    renameSync(temporaryPath, files.socket)
  } catch (error) {
    await closeServer(server)
    if (recordText !== null) removeOwnRecord(files.record, recordText)
    throw error
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
  const own = look(files.socket)
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    // First, while the listening socket still keeps its inode from being given to another file.
    if (own !== undefined && isSameFile(look(files.socket), own)) rmSync(files.socket, {force: true})
    if (recordText !== null) removeOwnRecord(files.record, recordText)
    await closeServer(server)
    lock.free()
  }
  return {
    path: files.socket,
    close() {
      closing ??= close()
      return closing
    },
  }
}

/** A name without `.sock` keeps its ending, so that no other file's name comes about. */
function filesOf(socket: string): Files {
  const stem = socket.replace(/(?<=[^/])\.sock$/, '')
  return {socket, lock: `${stem}.lock`, record: `${stem}.json`}
}

function takeLock(files: Files): ExclusiveLock {
  let lock: ExclusiveLock | null
  try {
    lock = ExclusiveLock.take(files.lock)
  } catch (error) {
    throw explain(error, files.socket)
  }
  if (lock === null) throw alreadyRunning(files)
  return lock
}

/** Throws unless there is nothing, or a dead socket of ours with its record. */
async function checkReplaceable(files: Files): Promise<void> {
  if (look(files.record) !== undefined && readRecord(files.record) === null) {
    throw taken(files.record, 'is there already and is not the record of a server')
  }
  const stats = look(files.socket)
  if (stats === undefined) return
  if (!stats.isSocket()) throw taken(files.socket, 'is there already and is not a socket')
  if (process.getuid !== undefined && Number(stats.uid) !== process.getuid()) {
    throw taken(files.socket, `belongs to user ${stats.uid}`)
  }
  const state = await probeSocket(files.socket)
  if (state === 'live') throw alreadyRunning(files)
  if (state === 'forbidden') throw taken(files.socket, 'cannot be asked whether a server is behind it')
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  // Streams would go on for ever. What was answered is with the kernel already.
  server.closeAllConnections()
  await closed
}

function removeOwnRecord(path: string, text: string): void {
  try {
    if (readFileSync(path, 'utf8') === text) rmSync(path, {force: true})
  } catch {
    // Gone already, or somebody else's: either way there is nothing of ours to remove.
  }
}

function readRecord(path: string): Pick<InstanceRecord, 'pid'> | null {
  try {
    const {pid, socket}: Partial<InstanceRecord> = JSON.parse(readFileSync(path, 'utf8'))
    return look(path)?.isFile() && Number.isSafeInteger(pid) && typeof socket === 'string' ? {pid: pid as number} : null
  } catch {
    // Unreadable or not JSON: no record, which is all that is asked.
    return null
  }
}

function look(path: string): BigIntStats | undefined {
  return lstatSync(path, {bigint: true, throwIfNoEntry: false})
}

function isSameFile(one: BigIntStats | undefined, other: BigIntStats): boolean {
  return one !== undefined && one.ino === other.ino && one.dev === other.dev
}

function alreadyRunning(files: Files): GsError {
  const pid = readRecord(files.record)?.pid
  const who = pid === undefined ? '' : ` (pid ${pid})`
  return new GsError('already_running', `a server is already running at ${visibleText(files.socket)}${who}`, {
    hint: 'End it with "gs stop", or start this one with another --name.',
  })
}

function taken(path: string, why: string): GsError {
  return new GsError('socket_path_taken', `cannot use the path of the admin socket: ${visibleText(path)} ${why}`, {
    hint: 'Move it away, or choose another --name or admin.socket.',
  })
}

function explain(error: unknown, path: string): GsError {
  if (GsError.is(error)) return error
  const message = `cannot open the admin socket ${visibleText(path)}: ${(error as Error).message}`
  return new GsError('listen_failed', message, {cause: error, hint: 'Check that its folder is there and yours.'})
}
