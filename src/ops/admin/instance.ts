import type {AdminClient} from '../../client/admin/admin-client.js'
import type {Backup, InstanceStatus, ReloadResult} from '../../contract/admin.js'
import {GsError} from '../../errors.js'

const POLL_MS = 100
/** What a server answers, or fails to, that is still at work. */
const BUSY_CODES: ReadonlySet<string> = new Set(['timed_out', 'server_busy'])
/** Copying a large store takes its time. */
const BACKUP_MS = 600_000

/** Asks an instance how it is. */
export function getStatus(client: AdminClient): Promise<InstanceStatus> {
  return client.request<InstanceStatus>({method: 'GET', path: '/v1/status'})
}

/** Has an instance read its configuration again. */
export function reloadInstance(client: AdminClient): Promise<ReloadResult> {
  return client.request<ReloadResult>({method: 'POST', path: '/v1/reload'})
}

/** Copies the live store of an instance into a new file; its path is absolute. */
export function backUpStore(client: AdminClient, file: string): Promise<Backup> {
  return client.request<Backup>({method: 'POST', path: '/v1/backup', body: {file}, timeoutMs: BACKUP_MS})
}

/**
 * Stops an instance and waits until it is gone. `drainMs`: its connections are closed one by one over that time.
 *
 * @throws {GsError} timed_out when it is still there `waitMs` after it should be gone.
 */
export async function stopInstance(
  client: AdminClient,
  {drainMs, waitMs}: {drainMs?: number | undefined; waitMs: number},
): Promise<{stopped: true; tookMs: number}> {
  const startMs = performance.now()
  const {startedAt} = await getStatus(client)
  if (drainMs === undefined) await client.request({method: 'POST', path: '/v1/stop'})
  else await client.request({method: 'POST', path: '/v1/drain', body: {forMs: drainMs}})
  const deadlineMs = startMs + (drainMs ?? 0) + waitMs
  while (await isThere(client, startedAt)) {
    if (performance.now() > deadlineMs) {
      throw new GsError('timed_out', 'the server was told to stop and is still there', {
        hint: 'gs logs --follow shows what it waits for.',
      })
    }
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  }
  return {stopped: true, tookMs: Math.round(performance.now() - startMs)}
}

/** False also when a supervisor has started another one meanwhile. */
async function isThere(client: AdminClient, startedAt: string): Promise<boolean> {
  try {
    return (await getStatus(client)).startedAt === startedAt
  } catch (error) {
    if (!GsError.is(error)) throw error
    if (error.code === 'server_unreachable') return false
    if (BUSY_CODES.has(error.code)) return true
    throw error
  }
}
