import type {AdminClient} from '../../client/admin/admin-client.js'
import type {SecurityTarget, TargetResult} from '../../contract/security.js'
import {blockTargets, unblockTargets} from '../admin/security.js'
import {kickUsers} from '../admin/users.js'

/** What an operator does from the dashboard, once it is confirmed. */
export type TopAction =
  | {readonly kind: 'kick'; readonly userId: number}
  | {readonly kind: 'block'; readonly userId: number; readonly forMs: number}
  | {readonly kind: 'unblock'; readonly target: SecurityTarget}

export interface TopActionResult {
  /** A sentence without a full stop. */
  readonly words: string
  /** False: nothing changed, as the words say. */
  readonly isDone: boolean
}

/**
 * Does it. `actor` is who does it, for the audit.
 *
 * @throws {GsError} as `AdminClient.request`; plugin_disabled for blocks where the security plugin does not run.
 */
export async function actOnServer(client: AdminClient, action: TopAction, actor: string): Promise<TopActionResult> {
  switch (action.kind) {
    case 'kick': {
      const [result] = await kickUsers(client, [action.userId], undefined)
      const isDone = result?.kicked === true
      return {words: isDone ? `kicked user ${action.userId}` : `user ${action.userId} is not connected`, isDone}
    }
    case 'block':
      return describe(await blockTargets(client, [{user: action.userId}], {forMs: action.forMs, actor}))
    case 'unblock':
      return describe(await unblockTargets(client, [action.target], actor))
  }
}

function describe([result]: readonly TargetResult[]): TopActionResult {
  return {
    words: result?.message ?? 'nothing was done',
    isDone: result?.outcome === 'blocked' || result?.outcome === 'lifted',
  }
}

/** The target that a list of blocks shows as `42`, `203.0.113.7` or `203.0.113.0/24`. */
export function toTarget(text: string): SecurityTarget {
  if (/^\d+$/.test(text)) return {user: Number(text)}
  return text.includes('/') ? {cidr: text} : {ip: text}
}

/** The same for people: `user 42`, or the address. */
export function targetName(target: SecurityTarget): string {
  if ('user' in target) return `user ${target.user}`
  if ('users' in target) return `users ${target.users.first} to ${target.users.last}`
  return 'ip' in target ? target.ip : target.cidr
}
