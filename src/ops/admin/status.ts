import {AdminClient} from '../../client/admin/admin-client.js'
import {findSocket, type InstanceChoice, listInstances} from '../../client/admin/discover.js'
import type {InstanceStatus} from '../../contract/admin.js'
import type {RunDirectoryBase} from '../../util/run-directory.js'
import {getStatus} from './instance.js'

/**
 * How the chosen instance is, or, without a choice, every live one of this machine's user.
 *
 * @throws {GsError} as `findSocket` when there is none.
 */
export async function statusOfAll(
  choice: InstanceChoice & {timeoutMs: number},
  base: RunDirectoryBase,
): Promise<InstanceStatus[]> {
  const sockets = await chooseSockets(choice, base)
  return Promise.all(sockets.map(socketPath => getStatus(new AdminClient({socketPath, timeoutMs: choice.timeoutMs}))))
}

async function chooseSockets({socket, name}: InstanceChoice, base: RunDirectoryBase): Promise<string[]> {
  if (socket !== undefined || name !== undefined) return [await findSocket({socket, name}, base)]
  const live = (await listInstances(base)).filter(({state}) => state === 'live')
  return live.length > 0 ? live.map(instance => instance.socket) : [await findSocket({}, base)]
}
