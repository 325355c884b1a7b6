import type {AdminClient} from '../../client/admin/admin-client.js'
import type {ClosedSummary, Listing, UserDetails, UserSummary} from '../../contract/admin.js'
import {GsError} from '../../errors.js'
import {type ListOptions, listQuery} from './rooms.js'

export function listUsers(client: AdminClient, options: ListOptions): Promise<Listing<UserSummary>> {
  return client.request<Listing<UserSummary>>({method: 'GET', path: '/v1/users', query: listQuery(options)})
}

export function showUser(client: AdminClient, userId: number): Promise<UserDetails> {
  return client.request<UserDetails>({method: 'GET', path: `/v1/users/${userId}`})
}

export function listClosed(
  client: AdminClient,
  options: ListOptions & {reason: string | undefined; user: number | undefined},
): Promise<Listing<ClosedSummary>> {
  const {reason, user} = options
  const query = {...listQuery(options), reason, user}
  return client.request<Listing<ClosedSummary>>({method: 'GET', path: '/v1/closed', query})
}

/** What became of one of several users. */
export interface KickResult {
  readonly userId: number
  readonly kicked: boolean
}

/**
 * Kicks users, each of them whatever became of the others.
 *
 * @throws {GsError} anything but an unknown user at once.
 */
export async function kickUsers(
  client: AdminClient,
  userIds: readonly number[],
  message: string | undefined,
): Promise<KickResult[]> {
  const results: KickResult[] = []
  for (const userId of userIds) results.push({userId, kicked: await kickUser(client, userId, message)})
  return results
}

async function kickUser(client: AdminClient, userId: number, message: string | undefined): Promise<boolean> {
  try {
    await client.request({method: 'POST', path: `/v1/users/${userId}/kick`, body: {message}})
    return true
  } catch (error) {
    if (GsError.is(error) && error.code === 'not_found') return false
    throw error
  }
}
