import type {RequestListener} from 'node:http'
import {connect, type Socket} from 'node:net'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {type AdminLimits, createAdminHttpServer} from '../../src/admin/admin-http-server.js'
import {type AdminSocket, openAdminSocket} from '../../src/admin/socket-file.js'
import {tempFolder} from './temp-folder.js'

export const testRecord = {
  v: 1,
  name: 'default',
  pid: process.pid,
  host: '127.0.0.1',
  port: 7000,
  version: '0.0.0',
  startedAt: '2026-01-05T12:00:00.000Z',
} as const

export interface AdminSocketSetup {
  readonly path?: string
  readonly handler?: RequestListener
  readonly limits?: Partial<AdminLimits>
  readonly mode?: 0o600 | 0o660
  readonly name?: string
}

/** A real admin socket in a folder of its own, with whatever routes a test wants. Gone when the test is. */
export async function adminSocket({path, handler, limits, mode = 0o600, name = 'default'}: AdminSocketSetup = {}) {
  const socket: AdminSocket = await openAdminSocket({
    path: path ?? join(tempFolder(), `${name}.sock`),
    server: createAdminHttpServer(handler ?? answerName(name), limits),
    mode,
    record: {...testRecord, name},
    onError: error => {
      throw error
    },
  })
  onTestFinished(() => socket.close())
  return socket
}

/** Answers everything with the name. */
export function answerName(name: string): RequestListener {
  return (_request, response) => {
    response.end(JSON.stringify({v: 1, instance: name, data: {name}}))
  }
}

export interface RawConnection {
  readonly socket: Socket
  /** All that came until the other side closed. */
  readonly rest: Promise<string>
}

/** A connection that says exactly these bytes. */
export function rawConnection(path: string, bytes = ''): RawConnection {
  const socket = connect({path})
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('data', chunk => {
    text += chunk
  })
  // A reset is one of the ends that tests provoke; `rest` tells of it.
  socket.on('error', () => {})
  if (bytes !== '') socket.write(bytes)
  return {socket, rest: new Promise(resolve => socket.once('close', () => resolve(text)))}
}
