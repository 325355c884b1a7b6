import type {HookName, ServerEventName} from '../contract/plugins.js'
import type {BoundHook, BoundListener, PluginRecord} from './plugin-record.js'
import {UseCount} from './use-count.js'

/** Built-in plugins come first, in this order; others follow in the order they were named. */
export const BUILT_IN_ORDER: readonly string[] = ['security', 'cache', 'analytics', 'metrics']

/**
 * Every hook and listener of a set of plugins, resolved into lists once, when the set changes. Never changed in place, so
 * that a message that is under way ends on the chain it began on.
 */
export type HookChains = {readonly [Name in HookName]: readonly BoundHook<Name>[]} & {
  readonly listeners: ReadonlyMap<ServerEventName, readonly BoundListener[]>
  /** What is under way on these chains. */
  readonly use: UseCount
}

export function buildHookChains(plugins: Iterable<PluginRecord>): HookChains {
  const ordered = [...plugins].sort((one, other) => rank(one) - rank(other))
  const hooks = ordered.flatMap(plugin => plugin.hooks)
  return {
    connectionOpened: pick(hooks, 'connectionOpened'),
    userConnecting: pick(hooks, 'userConnecting'),
    frameReceived: pick(hooks, 'frameReceived'),
    beforeMessage: pick(hooks, 'beforeMessage'),
    afterMessage: pick(hooks, 'afterMessage').reverse(),
    connectionClosed: pick(hooks, 'connectionClosed'),
    restoreGame: pick(hooks, 'restoreGame'),
    savedSeats: pick(hooks, 'savedSeats'),
    listeners: Map.groupBy(
      ordered.flatMap(plugin => plugin.listeners),
      listener => listener.event,
    ),
    use: new UseCount(),
  }
}

function pick<Name extends HookName>(hooks: readonly BoundHook[], name: Name): BoundHook<Name>[] {
  return hooks.filter(hook => hook.name === name) as BoundHook<Name>[]
}

function rank(plugin: PluginRecord): number {
  const index = plugin.isBuiltIn ? BUILT_IN_ORDER.indexOf(plugin.name) : -1
  return index === -1 ? BUILT_IN_ORDER.length : index
}
