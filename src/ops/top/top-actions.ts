import type {AdminClient} from '../../client/admin/admin-client.js'
import {kickUsers} from '../admin/users.js'

/** What an operator does from the dashboard, once it is confirmed. */
export type TopAction = {readonly kind: 'kick'; readonly userId: number}

/**
 * Does it; returns what came of it in words.
 *
 * @throws {GsError} as `AdminClient.request`.
 */
export async function actOnServer(client: AdminClient, action: TopAction): Promise<string> {
  const [result] = await kickUsers(client, [action.userId], undefined)
  return result?.kicked ? `kicked user ${action.userId}` : `user ${action.userId} is not connected`
}
