import type {Logger} from '../../src/contract/logger.js'
import type {MessageAttempt, MessageRecord, PluginDefinition, PluginHost} from '../../src/contract/plugins.js'
import {GsError, type GsErrorOptions, type RefusalConsequence} from '../../src/errors.js'
import {PluginSet} from '../../src/pipeline/plugin-set.js'
import {createCounters} from '../../src/telemetry/counters.js'
import {createMetricRegistry} from '../../src/telemetry/metric-registry.js'
import {ManualClock} from '../helpers/manual-clock.js'
import {noStore} from '../helpers/no-store.js'
import {noVitals} from '../helpers/no-vitals.js'

export interface LogLine {
  readonly level: keyof Logger
  readonly fields: {readonly [key: string]: unknown}
  readonly message: string
}

/** Keeps what is logged. */
export function createLog(): Logger & {readonly lines: LogLine[]} {
  const lines: LogLine[] = []
  const write = (level: keyof Logger) => (fields: object, message: string) => {
    lines.push({level, fields: {...fields}, message})
  }
  return {lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error')}
}

/** A set of plugins without a server, in a time of its own. */
export function createPluginWorld() {
  const clock = new ManualClock()
  const log = createLog()
  const counters = createCounters()
  const metrics = createMetricRegistry()
  const none = {count: 0, get: () => undefined, list: () => [], overview: () => [], eachMessageCount: () => {}}
  const plugins = new PluginSet({
    serverName: 'test',
    log,
    clock,
    counters,
    rooms: none,
    users: none,
    limits: {hookTimeoutMs: 1000},
    vitals: noVitals,
    store: noStore,
    metrics,
    disconnect: () => 0,
    isTrustedProxy: () => false,
  })
  return {
    plugins,
    runner: plugins.runner,
    clock,
    counters,
    metrics,
    log,
    /** Adds a plugin that takes no configuration. */
    add(name: string, setup: PluginDefinition['setup'], onFailure: 'open' | 'closed' = 'open'): Promise<void> {
      return plugins.add({definition: {name, setup, onFailure} as PluginDefinition<never>, config: undefined})
    },
    /** Adds a plugin with one `beforeMessage`. */
    addGuard(name: string, run: (attempt: MessageAttempt) => unknown, onFailure: 'open' | 'closed' = 'open') {
      return this.add(name, host => guard(host, run), onFailure)
    },
    ask: () => plugins.runner.ask(plugins.runner.chains.beforeMessage, attempt),
    tell: () => plugins.runner.tell(plugins.runner.chains.afterMessage, record),
    statusOf: (name: string) => plugins.statuses().find(status => status.name === name),
  }
}

/** Hooks may return what the types forbid: plugins are not always written in TypeScript. */
export function guard(host: PluginHost, run: (attempt: MessageAttempt) => unknown): void {
  host.hook('beforeMessage', run as (attempt: MessageAttempt) => void)
}

const origin = {
  userId: 1,
  nickname: undefined,
  address: '127.0.0.1',
  sizeBytes: 20,
  readId: 1,
  readAtMs: 0,
  readMonotonicMs: 0,
}

export const attempt: MessageAttempt = {...origin, message: {type: 'heartbeat'}}
export const record: MessageRecord = {
  ...origin,
  message: {type: 'heartbeat'},
  error: null,
  durationMs: 0,
  handlingMs: 0,
  hooks: null,
}

export function refusal(
  rule: string,
  {consequence = 'answer', ...options}: GsErrorOptions & {consequence?: RefusalConsequence} = {},
): GsError {
  // biome-ignore lint/suspicious/noThenProperty: the name of the option, and nobody awaits the options
  return new GsError('rate_limited', 'slow down', {rule, then: consequence, ...options})
}

export function raise(error: unknown): never {
  throw error
}
