import type {Clock} from '../contract/clock.js'
import type {Logger} from '../contract/logger.js'
import type {JsonValue} from '../contract/messages.js'
import type {AdminRequest, AdminRoute} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import type {PluginRecord} from './plugin-record.js'

const ANSWER_TIMEOUT_MS = 5000

/** An operator's request to a plugin. */
export interface RouteCall {
  readonly plugin: string
  readonly method: AdminRoute['method']
  /** As it was registered; a slash at either end does not count. */
  readonly path: string
  readonly query?: AdminRequest['query']
  readonly body?: unknown
}

/**
 * Calls a plugin's route and contains what goes wrong in it. The answer is a copy, so that nobody sees it change.
 *
 * @throws {GsError} not_found without such a route; plugin_failed for a failure of the plugin; what the route throws.
 */
export async function callRoute(
  record: PluginRecord,
  {method, path, query = {}, body}: RouteCall,
  {clock, log}: {clock: Clock; log: Logger},
): Promise<JsonValue> {
  const key = `${method} ${path.replace(/^\/|\/$/g, '')}`
  const route = record.routes.get(key)
  if (route === undefined) throw noSuchRoute(record, key)

  const {promise: expired, reject} = Promise.withResolvers<never>()
  const cancel = clock.after(ANSWER_TIMEOUT_MS, () =>
    reject(new Error(`did not answer within ${ANSWER_TIMEOUT_MS} ms`)),
  )
  record.use.begin()
  try {
    const request = {query: Object.assign(Object.create(null), query), body: body as JsonValue | undefined}
    // Whichever comes second is of no interest any more, a late rejection included: the race has handled both.
    const answer = await Promise.race([(async () => route.handler(request))(), expired])
    return JSON.parse(JSON.stringify(answer) ?? 'null')
  } catch (error) {
    if (GsError.is(error)) throw error
    const reason = `route ${key}: ${error instanceof Error ? error.message : String(error)}`
    record.noteFailure(reason, clock.monotonicMs())
    log.error({plugin: record.name, route: key, err: error}, 'a plugin failed')
    throw new GsError('plugin_failed', `${record.name}: ${reason}`, {cause: error})
  } finally {
    cancel()
    record.use.end()
  }
}

function noSuchRoute({name, routes}: PluginRecord, key: string): GsError {
  const known = [...routes.keys()]
  return new GsError('not_found', `the ${name} plugin has no route ${key}`, {
    hint: known.length === 0 ? 'It has none at all.' : `It has ${known.join(', ')}.`,
  })
}
