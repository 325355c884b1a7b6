import {LatencyHistogram} from '../../../src/client/bench/latency-histogram.js'
import type {LoadPlan} from '../../../src/client/bench/load-plan.js'
import type {GeneratorUse} from '../../../src/client/bench/load-tally.js'
import {type BenchResult, describeResult} from '../../../src/ops/bench/bench-result.js'
import type {ServerAccount} from '../../../src/ops/bench/server-account.js'

export const windowPlan: LoadPlan = {
  host: '127.0.0.1',
  port: 7000,
  clients: 100,
  rooms: 10,
  publishers: 1,
  pace: {kind: 'window', messages: 4},
  payloadBytes: 64,
  framing: 'ndjson',
  workers: 2,
  connectTimeoutMs: 5000,
}

/** What a load of ten seconds has shown: 1 000 messages, and what is asked for. */
export function result({
  plan = windowPlan,
  published = 1000,
  p99Ms = 2,
  samples = 100,
  errors = {},
  lost = {},
  use = {},
  server = null,
  isCutShort = false,
}: {
  plan?: LoadPlan
  published?: number
  p99Ms?: number
  samples?: number
  errors?: Record<string, number>
  lost?: Record<string, number>
  use?: Partial<GeneratorUse>
  server?: ServerAccount | null
  isCutShort?: boolean
} = {}): BenchResult {
  const latency = new LatencyHistogram()
  for (let index = 0; index < samples; index += 1) latency.record(p99Ms * 1000)
  const tally = {
    elapsedMs: 10_000,
    published,
    deliveries: published * 10,
    errors: new Map(Object.entries(errors)),
    lost: new Map(Object.entries(lost)),
    latency: latency.toData(),
    generator: {busyRatio: 0.3, cpuRatio: 0.2, loopDelayP99Ms: 0.1, ...use},
  }
  return describeResult({plan, tally, server, isCutShort, notes: []})
}
