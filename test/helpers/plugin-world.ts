import {onTestFinished} from 'vitest'
import type {Logger} from '../../src/contract/logger.js'
import type {PluginDefinition} from '../../src/contract/plugins.js'
import {definePlugin} from '../../src/pipeline/define-plugin.js'
import {PluginSet} from '../../src/pipeline/plugin-set.js'
import {createCounters} from '../../src/telemetry/counters.js'
import {createMetricRegistry} from '../../src/telemetry/metric-registry.js'
import {ManualClock} from './manual-clock.js'
import {noStore} from './no-store.js'
import {noVitals} from './no-vitals.js'

export interface PluginWorld {
  readonly plugins: PluginSet
  readonly clock: ManualClock
  /** What went to the log, as `level message`. */
  readonly logged: string[]
}

/** A set of plugins without a server around it, closed with the test. */
export function pluginWorld(): PluginWorld {
  const clock = new ManualClock()
  const logged: string[] = []
  const write = (level: string) => (_: object, message: string) => void logged.push(`${level} ${message}`)
  const log: Logger = {debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error')}
  const nothing = {count: 0, get: () => undefined, list: () => [], overview: () => [], eachMessageCount: () => {}}
  const plugins = new PluginSet({
    serverName: 'test',
    log,
    clock,
    rooms: nothing,
    users: nothing,
    counters: createCounters(),
    limits: {hookTimeoutMs: 1000},
    vitals: noVitals,
    store: noStore,
    metrics: createMetricRegistry(),
    disconnect: () => 0,
    isTrustedProxy: () => false,
  })
  onTestFinished(() => plugins.close())
  return {plugins, clock, logged}
}

/** A plugin and no configuration. */
export function plugin(
  name: string,
  setup: PluginDefinition['setup'] = () => {},
  more: Pick<PluginDefinition<never>, 'onFailure'> = {},
): {definition: PluginDefinition<never>; config: undefined} {
  return {definition: definePlugin({name, setup, ...more}) as PluginDefinition<never>, config: undefined}
}

/** Lets everything that waits for nothing but promises go on. */
export function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
