import {AdminClient} from '../../client/admin/admin-client.js'
import {findSocket, type InstanceChoice, listInstances} from '../../client/admin/discover.js'
import type {InstanceStatus} from '../../contract/admin.js'
import {GsError} from '../../errors.js'
import type {RunDirectoryBase} from '../../util/run-directory.js'
import {getStatus} from './instance.js'

export interface Statuses {
  readonly statuses: readonly InstanceStatus[]
  /** Why others do not answer, such as one that hangs. */
  readonly failures: readonly GsError[]
}

/**
 * How the chosen instance is, or, without a choice, every live one of this machine's user. One that does not answer hides
 * none of the others.
 *
 * @throws {GsError} as `findSocket` when there is none; as the client when none answers.
 */
export async function statusOfAll(
  choice: InstanceChoice & {timeoutMs: number},
  base: RunDirectoryBase,
): Promise<Statuses> {
  const sockets = await chooseSockets(choice, base)
  const answers = await Promise.all(sockets.map(socketPath => ask(socketPath, choice.timeoutMs)))
  const failures = answers.filter(answer => GsError.is(answer))
  const statuses = answers.filter((answer): answer is InstanceStatus => !GsError.is(answer))
  if (statuses.length === 0 && failures[0] !== undefined) throw failures[0]
  return {statuses, failures}
}

async function ask(socketPath: string, timeoutMs: number): Promise<InstanceStatus | GsError> {
  try {
    return await getStatus(new AdminClient({socketPath, timeoutMs}))
  } catch (error) {
    if (GsError.is(error)) return error
    throw error
  }
}

async function chooseSockets({socket, name}: InstanceChoice, base: RunDirectoryBase): Promise<string[]> {
  if (socket !== undefined || name !== undefined) return [await findSocket({socket, name}, base)]
  const live = (await listInstances(base)).filter(({state}) => state === 'live')
  return live.length > 0 ? live.map(instance => instance.socket) : [await findSocket({}, base)]
}
