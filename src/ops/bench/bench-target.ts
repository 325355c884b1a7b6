import type {AdminClient} from '../../client/admin/admin-client.js'
import type {InstanceStatus} from '../../contract/admin.js'
import {GsError} from '../../errors.js'
import {hostPort} from '../../util/host-port.js'
import {getStatus} from '../admin/instance.js'

export interface BenchTarget {
  readonly host: string
  readonly port: number
  /** Of this very server; null: it gives no account of itself. */
  readonly admin: AdminClient | null
  /** Why not; a sentence. */
  readonly note: string | undefined
}

const DEFAULT = {host: '127.0.0.1', port: 7000} as const
const ANY_ADDRESS: Readonly<Record<string, string>> = {'0.0.0.0': '127.0.0.1', '::': '::1'}
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/

/**
 * Where the load goes: as the flags say, else to the server whose admin socket is found, else to the usual place. That
 * socket is only asked for an account when it is of the server that gets the load.
 *
 * `openAdmin` null: nobody is to be asked. `isNamed`: the user has said which server, so it is an error if there is none.
 *
 * @throws {GsError} as `openAdmin`, when the user has said which server.
 */
export async function chooseTarget({
  host,
  port,
  openAdmin,
  isNamed,
}: {
  host: string | undefined
  port: number | undefined
  openAdmin: (() => Promise<AdminClient>) | null
  isNamed: boolean
}): Promise<BenchTarget> {
  const place = {host: host ?? DEFAULT.host, port: port ?? DEFAULT.port}
  if (openAdmin === null) return {...place, admin: null, note: undefined}
  try {
    const admin = await openAdmin()
    const status = await getStatus(admin)
    if (host === undefined && port === undefined) return {...reachable(status), admin, note: undefined}
    if (isSameServer({host, port: place.port}, status)) return {...place, admin, note: undefined}
    const note = `No account of the server: the admin socket found is of another one, at ${hostPort(status)}.`
    return {...place, admin: null, note}
  } catch (error) {
    if (isNamed || !GsError.is(error)) throw error
    return {...place, admin: null, note: `No account of the server: ${error.message}.`}
  }
}

function reachable({host, port}: InstanceStatus): {host: string; port: number} {
  return {host: ANY_ADDRESS[host] ?? host, port}
}

/** Names of other machines are not looked up: whoever gives one has no socket here. */
function isSameServer({host, port}: {host: string | undefined; port: number}, status: InstanceStatus): boolean {
  if (port !== status.port) return false
  if (host === undefined || host === status.host) return true
  return LOOPBACK.test(host) && (status.host in ANY_ADDRESS || LOOPBACK.test(status.host))
}
