import {expect, test} from 'vitest'
import type {MetricSource} from '../../src/contract/metric-registry.js'
import {createMetricRegistry} from '../../src/telemetry/metric-registry.js'

function gauge(name: string): MetricSource {
  return {name, help: 'For a test.', type: 'gauge', read: () => 1}
}

test('lists metrics by name, and no longer once they are taken out', () => {
  const registry = createMetricRegistry()
  const takeOut = registry.register(gauge('rooms'))
  registry.register(gauge('cache_bytes'))
  expect(registry.list().map(({name}) => name)).toEqual(['cache_bytes', 'rooms'])
  takeOut()
  registry.register(gauge('rooms'))
  takeOut()
  expect(registry.list()).toHaveLength(2)
})

test.for([
  [gauge('Rooms'), 'the name must be like'],
  [gauge('gs_rooms'), 'without gs_ in front'],
  [gauge('rooms_total'), 'end in _total'],
  [{...gauge('rooms'), type: 'counter'} as const, 'end in _total'],
  [gauge('taken'), 'there is such a metric already'],
] as const)('refuses %o', ([source, reason]) => {
  const registry = createMetricRegistry()
  registry.register(gauge('taken'))
  expect(() => registry.register(source)).toThrow(reason)
})

test('is bounded', () => {
  const registry = createMetricRegistry()
  for (let index = 0; index < 256; index += 1) registry.register(gauge(`metric_${index}`))
  expect(() => registry.register(gauge('one_more'))).toThrow('there are 256 metrics, which is the limit')
})
