import type {ForgetResult} from '../contract/analytics.js'
import type {BuiltInName} from '../contract/plugin-apis.js'
import {isoTime} from '../util/iso-time.js'
import type {AdminBackend} from './backend.js'

/**
 * Takes a user out of analytics and of kept games. Blocks stay and are named. Undefined: nothing was known of the user.
 *
 * @throws {GsError} plugin_disabled without the analytics plugin; store_unavailable.
 */
export async function forgetUser(backend: AdminBackend, userId: number): Promise<ForgetResult | undefined> {
  const runs = (plugin: BuiltInName) =>
    backend.plugins().some(({name, state}) => name === plugin && state !== 'disabled')
  const forgotten = await backend.pluginApi('analytics').forget(userId, 'operator')
  const cachedGames = runs('cache') ? await backend.pluginApi('cache').forgetUser(userId) : null
  if (forgotten === undefined && !cachedGames) return undefined
  const blocks = runs('security') ? backend.pluginApi('security').blocks({user: userId}) : null
  return {
    userId,
    rows: forgotten?.rows ?? 0,
    cachedGames,
    activeBlocks:
      blocks?.map(({reason, rule, until}) => ({
        reason: reason ?? rule,
        until: until === null ? null : isoTime(until),
      })) ?? null,
  }
}
