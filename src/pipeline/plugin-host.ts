import type {Logger} from '../contract/logger.js'
import type {MetricRegistry} from '../contract/metric-registry.js'
import type {AdminRoute, HookName, Hooks, PluginHost, ServerEventName, ServerEvents} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import type {BoundListener, PluginRecord} from './plugin-record.js'

/** What all plugins of a server share. */
export interface SharedHost
  extends Pick<
    PluginHost,
    | 'serverName'
    | 'log'
    | 'clock'
    | 'rooms'
    | 'users'
    | 'counters'
    | 'vitals'
    | 'store'
    | 'disconnect'
    | 'isTrustedProxy'
    | 'timeMessages'
  > {
  readonly metrics: MetricRegistry
}

const HOOK_NAMES: ReadonlySet<string> = new Set<HookName>([
  'connectionOpened',
  'userConnecting',
  'frameReceived',
  'beforeMessage',
  'afterMessage',
  'connectionClosed',
  'restoreGame',
  'savedSeats',
])

const MAX_ROUTES = 64
const MAX_PATH = 100
const MAX_SUMMARY = 200
const ROUTE_PATH = /^(?:[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*)*)?$/

const EVENT_NAMES: ReadonlySet<string> = new Set<ServerEventName>([
  'userConnected',
  'userDisconnected',
  'roomCreated',
  'roomJoined',
  'roomLeft',
  'roomClosed',
  'gameStarted',
  'gameChanged',
  'gameEnded',
  'gameRestored',
])

/** A server event's name, or an error that says what there is. */
export function assertEventName(name: string): asserts name is ServerEventName {
  if (!EVENT_NAMES.has(name)) {
    throw new GsError('plugin_invalid', `there is no event ${name}`, {
      hint: `Events are ${[...EVENT_NAMES].join(', ')}.`,
    })
  }
}

/** Runs something of a plugin's and contains what goes wrong in it; `where` names it in the log. */
export type Contain = (plugin: PluginRecord, where: string, task: () => unknown) => void

/**
 * The host as one plugin sees it. Everything it registers is noted in the record and ends with it. What a plugin registers
 * after its end is ignored: it may be code of its own that nobody could catch an error of.
 */
export function createPluginHost(
  record: PluginRecord,
  {metrics, ...shared}: SharedHost,
  {provided, contain}: {provided: Map<string, object>; contain: Contain},
): PluginHost {
  return {
    ...shared,
    log: nameInLog(shared.log, record.name),
    metric(source) {
      if (!record.hasEnded) record.cleanups.add(metrics.register(source))
    },
    metricSources: () => metrics.list(),
    hook<Name extends HookName>(name: Name, run: Hooks[Name]) {
      if (record.hasEnded) return
      if (!HOOK_NAMES.has(name)) {
        throw new GsError('plugin_invalid', `${record.name}: there is no hook ${name}`, {
          hint: `Hooks are ${[...HOOK_NAMES].join(', ')}.`,
        })
      }
      record.hooks.push({plugin: record, name, run, untilTimed: record.timedEvery, timedCalls: 0, timedMs: 0})
    },
    on<Name extends ServerEventName>(event: Name, run: (event: ServerEvents[Name]) => void) {
      if (record.hasEnded) return
      assertEventName(event)
      record.listeners.push({plugin: record, event, run: run as BoundListener['run']})
    },
    admin: {
      route(route) {
        if (!record.hasEnded) addRoute(record, route)
      },
    },
    every(intervalMs, task) {
      if (record.hasEnded) return
      record.cleanups.add(shared.clock.every(intervalMs, () => contain(record, 'timer', task)))
    },
    after(delayMs, task) {
      if (record.hasEnded) return
      const cancel = shared.clock.after(delayMs, () => {
        record.cleanups.delete(cancel)
        contain(record, 'timer', task)
      })
      record.cleanups.add(cancel)
    },
    provide(name, api) {
      if (record.hasEnded) return
      if (provided.has(name)) throw new GsError('plugin_invalid', `${record.name}: ${name} is provided already`)
      provided.set(name, api)
      record.cleanups.add(() => provided.delete(name))
    },
  }
}

/** A plugin's lines say whose they are. */
function nameInLog(log: Logger, plugin: string): Logger {
  return {
    debug: (fields, message) => log.debug({plugin, ...fields}, message),
    info: (fields, message) => log.info({plugin, ...fields}, message),
    warn: (fields, message) => log.warn({plugin, ...fields}, message),
    error: (fields, message) => log.error({plugin, ...fields}, message),
  }
}

function addRoute({name, routes}: PluginRecord, route: AdminRoute): void {
  const {method, path, summary} = route
  const key = `${method} ${path}`
  let problem: string | undefined
  if (method !== 'GET' && method !== 'POST') problem = 'the method must be GET or POST'
  else if (path.length > MAX_PATH || !ROUTE_PATH.test(path)) problem = 'the path must be like stats or blocks/export'
  else if (summary.length === 0 || summary.length > MAX_SUMMARY)
    problem = `the summary must be 1 to ${MAX_SUMMARY} long`
  else if (routes.has(key)) problem = 'there is such a route already'
  else if (routes.size >= MAX_ROUTES) problem = `there are ${MAX_ROUTES} routes, which is the limit`
  if (problem !== undefined) throw new GsError('plugin_invalid', `${name}: route ${key}: ${problem}`)
  routes.set(key, route)
}
