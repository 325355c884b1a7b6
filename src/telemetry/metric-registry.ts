import type {MetricRegistry, MetricSource} from '../contract/metric-registry.js'
import {GsError} from '../errors.js'

/** Most metrics of one server, those of plugins included. */
const MAX_SOURCES = 256
const NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/

/** An empty registry. */
export function createMetricRegistry(): MetricRegistry {
  /** By name; at most `MAX_SOURCES`. */
  const sources = new Map<string, MetricSource>()
  return {
    register(source) {
      const {name} = source
      const problem = problemWith(source, sources)
      if (problem !== undefined) throw new GsError('plugin_invalid', `metric ${name}: ${problem}`)
      sources.set(name, source)
      return () => {
        if (sources.get(name) === source) sources.delete(name)
      }
    },
    list: () => [...sources.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
  }
}

function problemWith({name, type}: MetricSource, sources: ReadonlyMap<string, MetricSource>): string | undefined {
  if (!NAME.test(name) || name.startsWith('gs_')) return 'the name must be like cache_hits_total, without gs_ in front'
  if ((type === 'counter') !== name.endsWith('_total')) return 'names of counters, and of nothing else, end in _total'
  if (sources.has(name)) return 'there is such a metric already'
  return sources.size >= MAX_SOURCES ? `there are ${MAX_SOURCES} metrics, which is the limit` : undefined
}
