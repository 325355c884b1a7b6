import type {AdminClient} from '../../client/admin/admin-client.js'
import type {Backup, InstanceStatus, Readiness, ReloadResult} from '../../contract/admin.js'
import {GsError} from '../../errors.js'

const POLL_MS = 100
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
  if (drainMs === undefined) await client.request({method: 'POST', path: '/v1/stop'})
  else await client.request({method: 'POST', path: '/v1/drain', body: {forMs: drainMs}})
  const deadlineMs = startMs + (drainMs ?? 0) + waitMs
  while (await isThere(client)) {
    if (performance.now() > deadlineMs) {
      throw new GsError('timed_out', 'the server was told to stop and is still there', {
        hint: 'gs logs --follow shows what it waits for.',
      })
    }
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  }
  return {stopped: true, tookMs: Math.round(performance.now() - startMs)}
}

async function isThere(client: AdminClient): Promise<boolean> {
  try {
    await client.request<Readiness>({method: 'GET', path: '/v1/ready'})
    return true
  } catch (error) {
    if (GsError.is(error) && error.code === 'server_unreachable') return false
    throw error
  }
}
