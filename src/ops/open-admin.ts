import {createAdminApp} from '../admin/admin-app.js'
import {createAdminHttpServer} from '../admin/admin-http-server.js'
import type {AdminBackend} from '../admin/backend.js'
import {type AdminSocket, openAdminSocket} from '../admin/socket-file.js'
import type {Config} from '../config/schema.js'
import type {InstanceRecord} from '../contract/admin.js'
import type {Logger} from '../contract/logger.js'
import type {GameServer} from '../server/game-server.js'
import {isoTime} from '../util/iso-time.js'
import {createAdminBackend, type ProcessPart} from './admin-backend.js'

export interface AdminOptions {
  readonly server: GameServer
  /** What operators do to the process around the server. */
  readonly processPart: ProcessPart
  /** Absolute, at most 103 bytes. */
  readonly socketPath: string
  readonly readOnlySocketPath: Config['admin']['readOnlySocket']
  readonly log: Logger
}

/**
 * Opens the admin channel to a server, and the read-only one beside it where that is asked for. Both end with the server.
 *
 * @throws {GsError} as `openAdminSocket`; closing the server closes what was opened before.
 */
export async function openAdmin(options: AdminOptions): Promise<void> {
  const {server, processPart, socketPath, readOnlySocketPath, log} = options
  const startedAtMs = Date.now()
  const backend = createAdminBackend(server, {socketPath, startedAtMs, nowMs: Date.now, log}, processPart)
  const {name, address, version} = server
  const record = {v: 1, name, pid: process.pid, ...address, version, startedAt: isoTime(startedAtMs)} as const
  const main = await openOne({backend, log, isReadOnly: false, path: socketPath, record})
  server.closeLast(() => main.close())
  if (readOnlySocketPath === null) return
  const reading = await openOne({backend, log, isReadOnly: true, path: readOnlySocketPath, record: null})
  server.closeLast(() => reading.close())
}

async function openOne({
  backend,
  log,
  isReadOnly,
  path,
  record,
}: {
  backend: AdminBackend
  log: Logger
  isReadOnly: boolean
  path: string
  record: Omit<InstanceRecord, 'socket'> | null
}): Promise<AdminSocket> {
  const app = createAdminApp({backend, isReadOnly, log, serverFactory: handler => createAdminHttpServer(handler)})
  await app.ready()
  const socket = await openAdminSocket({
    path,
    server: app.server,
    mode: isReadOnly ? 0o660 : 0o600,
    record,
    onError: error => log.error({err: error}, 'an operator could not be accepted'),
  })
  return {
    path: socket.path,
    async close() {
      await socket.close()
      await app.close()
    },
  }
}
