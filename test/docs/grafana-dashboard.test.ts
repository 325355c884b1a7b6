import {expect, test} from 'vitest'
import {readOpenMetrics} from '../helpers/open-metrics.js'
import {metricsWorld} from '../plugins/metrics/metrics-world.js'
import {readPage} from './markdown.js'

interface Panel {
  readonly id: number
  readonly title: string
  readonly gridPos: {readonly x: number; readonly y: number; readonly w: number; readonly h: number}
  readonly targets?: readonly {readonly expr: string; readonly legendFormat: string}[]
}

const dashboard: {panels: Panel[]} = JSON.parse(readPage('docs/grafana-dashboard.json'))

test('every expression asks for metrics and labels that a server has', async () => {
  await using world = await metricsWorld({metrics: {roomLabels: 1}})
  const ann = await world.user(1, 7)
  ann.send({type: 'nonsense'})
  await ann.take('error')
  const families = readOpenMetrics(await world.metrics.prometheus('openmetrics'))
  const labelsOf = new Map<string, Set<string>>()
  for (const {samples} of families.values()) {
    for (const {name, labels} of samples) {
      labelsOf.set(name, new Set([...(labelsOf.get(name) ?? []), ...Object.keys(labels)]))
    }
  }
  // Only once something was refused by a plugin, or collected.
  labelsOf.set('gs_middleware_rejected_total', new Set(['instance_name', 'rule']))
  labelsOf.set('nodejs_gc_duration_seconds_sum', new Set(['instance_name', 'kind']))
  const unknown: string[] = []
  for (const {title, targets = []} of dashboard.panels) {
    for (const {expr, legendFormat} of targets) {
      const names = [...expr.matchAll(/\b((?:gs|process|nodejs)_\w+)\{/g)].map(([, name = '']) => name)
      const known = names.flatMap(name => [...(labelsOf.get(name) ?? [])])
      const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '))
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label)
      if (names.length === 0) unknown.push(`${title}: no metric in ${expr}`)
      unknown.push(...names.filter(name => !labelsOf.has(name)).map(name => `${title}: ${name}`))
      unknown.push(...[...grouped, ...shown].filter(label => !known.includes(label)).map(label => `${title}: ${label}`))
    }
  }
  expect(unknown).toEqual([])
})

test('no two panels have the same id or lie on one another', () => {
  const {panels} = dashboard
  expect(new Set(panels.map(({id}) => id)).size).toBe(panels.length)
  const cells = panels.flatMap(({gridPos: {x, y, w, h}}) =>
    Array.from({length: w * h}, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
  )
  expect(new Set(cells).size).toBe(cells.length)
  expect(panels.every(({gridPos: {x, w}}) => x + w <= 24)).toBe(true)
})
