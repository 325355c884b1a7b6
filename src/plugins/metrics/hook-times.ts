import type {PluginStatus} from '../../contract/plugins.js'
import {MESSAGE_HOOKS} from '../../util/message-hooks.js'

const US_PER_MS = 1000

interface Timed {
  readonly calls: number
  readonly ms: number
}

/** By plugin, for each of its hooks that messages meet: what was timed so far. */
export type HookTimes = ReadonlyMap<string, readonly Timed[]>

export function readHookTimes(plugins: readonly PluginStatus[]): HookTimes {
  const running = plugins.filter(({state}) => state !== 'disabled')
  return new Map(
    running.map(({name, hooks}) => [
      name,
      hooks
        .filter(({hook}) => MESSAGE_HOOKS.has(hook))
        .map(({timedCalls, timedMs}) => ({calls: timedCalls, ms: timedMs})),
    ]),
  )
}

/**
 * Mean time that a message spends in each plugin, in microseconds: over the calls that were timed between two readings, or
 * over all so far where none was.
 */
export function meanHookTimesUs(from: HookTimes, to: HookTimes): Record<string, number> {
  const means: Record<string, number> = {}
  for (const [plugin, hooks] of to) {
    const before = from.get(plugin)
    means[plugin] = hooks.reduce((sum, hook, index) => sum + meanUs(before?.[index], hook), 0)
  }
  return means
}

function meanUs(before: Timed | undefined, {calls, ms}: Timed): number {
  const isNewer = before !== undefined && calls > before.calls
  const newCalls = isNewer ? calls - before.calls : calls
  const newMs = isNewer ? ms - before.ms : ms
  return newCalls > 0 ? (newMs * US_PER_MS) / newCalls : 0
}
