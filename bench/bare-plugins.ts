import type {MessageRecord} from '../src/contract/plugins.js'
import type {Store} from '../src/contract/store.js'
import {PluginSet} from '../src/pipeline/plugin-set.js'
import {createCounters} from '../src/telemetry/counters.js'
import {createMetricRegistry} from '../src/telemetry/metric-registry.js'
import {systemClock} from '../src/util/system-clock.js'
import {noStore} from '../test/helpers/no-store.js'
import {noVitals} from '../test/helpers/no-vitals.js'

/** Says nothing but what goes wrong. */
export const quietLog = {debug() {}, info() {}, warn: console.error, error: console.error}

const nobody = {count: 0, get: () => undefined, list: () => [], overview: () => [], eachMessageCount() {}}

/** Plugins without a server around them, so that only what they do themselves is measured. */
export function barePlugins(store: Store = noStore): PluginSet {
  return new PluginSet({
    serverName: 'bench',
    log: quietLog,
    clock: systemClock,
    rooms: nobody,
    users: nobody,
    counters: createCounters(),
    limits: {hookTimeoutMs: 1000},
    vitals: noVitals,
    store,
    metrics: createMetricRegistry(),
    disconnect: () => 0,
    isTrustedProxy: () => false,
  })
}

/** What hooks are told of a message that was accepted at once. */
export function acceptedMessage(
  fields: Pick<MessageRecord, 'userId' | 'message'> & Partial<MessageRecord>,
): MessageRecord {
  return {
    nickname: undefined,
    address: '127.0.0.1',
    sizeBytes: 64,
    readId: 0,
    readAtMs: 0,
    readMonotonicMs: 0,
    error: null,
    durationMs: 0,
    handlingMs: 0,
    hooks: null,
    ...fields,
  }
}
