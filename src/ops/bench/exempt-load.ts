import type {AdminClient} from '../../client/admin/admin-client.js'
import {FIRST_USER_ID} from '../../client/bench/load-plan.js'
import {GsError} from '../../errors.js'
import {getStatus} from '../admin/instance.js'

/** What the security plugin lets the users of a load do. */
export interface Exemption {
  /** A sentence for the report; undefined: there is nothing to be exempt from. */
  readonly note: string | undefined
  /** Takes it back before its time. */
  lift(): Promise<void>
}

const NONE: Exemption = {note: undefined, lift: async () => {}}
const REASON = 'gs bench'

/**
 * Asks a server with the security plugin to exempt the users of a load for `forMs`; the plugin notes it in its audit. One
 * that does not is put under load all the same, and the report says so.
 *
 * @throws {GsError} as `getStatus`.
 */
export async function exemptLoad(admin: AdminClient, clients: number, forMs: number): Promise<Exemption> {
  const {plugins} = await getStatus(admin)
  if (!plugins.some(({name, state}) => name === 'security' && state !== 'disabled')) return NONE
  const span = {first: FIRST_USER_ID, last: FIRST_USER_ID + clients - 1}
  const targets = [{users: span}]
  const users = `users ${span.first} to ${span.last}`
  try {
    await admin.request({method: 'POST', path: '/v1/security/allow', body: {targets, forMs, reason: REASON}})
  } catch (error) {
    if (!GsError.is(error)) throw error
    return {...NONE, note: `The rules of the security plugin apply to ${users}: ${error.message}.`}
  }
  return {
    note: `The security plugin exempted ${users} from its rules.`,
    lift: async () => {
      await admin.request({method: 'POST', path: '/v1/security/disallow', body: {targets}})
    },
  }
}
