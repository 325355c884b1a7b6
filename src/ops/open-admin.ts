import {createAdminApp} from '../admin/admin-app.js'
import {createAdminHttpServer} from '../admin/admin-http-server.js'
import type {AdminBackend} from '../admin/backend.js'
import {type AdminSocket, openAdminSocket} from '../admin/socket-file.js'
import type {Config} from '../config/schema.js'
import type {InstanceRecord} from '../contract/admin.js'
import type {Logger} from '../contract/logger.js'

export interface AdminOptions {
  readonly backend: AdminBackend
  /** Absolute, at most 103 bytes. */
  readonly socketPath: string
  readonly readOnlySocketPath: Config['admin']['readOnlySocket']
  readonly record: Omit<InstanceRecord, 'socket'>
  readonly log: Logger
}

/** An open admin channel. */
export interface Admin {
  readonly socketPath: string
  close(): Promise<void>
}

/**
 * Opens the admin channel, and the read-only one beside it where that is asked for.
 *
 * @throws {GsError} as `openAdminSocket`; nothing stays open then.
 */
export async function openAdmin({backend, socketPath, readOnlySocketPath, record, log}: AdminOptions): Promise<Admin> {
  const main = await openOne({backend, log, isReadOnly: false, path: socketPath, record})
  try {
    const reading =
      readOnlySocketPath === null
        ? null
        : await openOne({backend, log, isReadOnly: true, path: readOnlySocketPath, record: null})
    return {
      socketPath: main.path,
      async close() {
        await reading?.close()
        await main.close()
      },
    }
  } catch (error) {
    await main.close()
    throw error
  }
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
