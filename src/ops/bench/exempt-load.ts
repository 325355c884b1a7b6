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

/** What of the plugin's answer is looked at. */
interface Answer {
  readonly results: readonly {readonly outcome: string; readonly message: string}[]
}

const NONE: Exemption = {note: undefined, lift: async () => {}}
/** How it stands in the plugin's audit. */
const ACTOR = 'gs bench'
const REASON = 'load'

/**
 * Asks a server with the security plugin to exempt the users of a load for `forMs`; the plugin notes it in its audit. A
 * server that does not do it is put under load all the same, and the report says so.
 *
 * @throws {GsError} as `getStatus`.
 */
export async function exemptLoad(admin: AdminClient, clients: number, forMs: number): Promise<Exemption> {
  const {plugins} = await getStatus(admin)
  if (!plugins.some(({name, state}) => name === 'security' && state !== 'disabled')) return NONE
  const span = {first: FIRST_USER_ID, last: FIRST_USER_ID + clients - 1}
  const users = `users ${span.first} to ${span.last}`
  const request = {targets: [{users: span}], actor: ACTOR}
  try {
    const body = {...request, forMs, reason: REASON}
    const {results} = await admin.request<Answer>({method: 'POST', path: '/v1/security/allow', body})
    const [result] = results
    if (result?.outcome === 'already_allowed') return {...NONE, note: `The security plugin exempts ${users} already.`}
    if (result?.outcome !== 'allowed') return {...NONE, note: notExempt(users, result?.message ?? 'no reason given')}
  } catch (error) {
    if (!GsError.is(error)) throw error
    return {...NONE, note: notExempt(users, error.message)}
  }
  return {
    note: `The security plugin exempted ${users} from its rules.`,
    lift: async () => {
      await admin.request({method: 'POST', path: '/v1/security/disallow', body: request})
    },
  }
}

function notExempt(users: string, reason: string): string {
  return `The rules of the security plugin apply to ${users}: ${reason}.`
}
