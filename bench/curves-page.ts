import type {Line} from './line-chart.ts'
import {writeSpread} from './statistics.ts'
import {table} from './table.ts'
import {PER_DELIVERY} from './works.ts'

/** What was measured while something grew. */
export interface Curve {
  readonly name: string
  readonly title: string
  readonly xTitle: string
  readonly machine: readonly string[]
  readonly rounds: number
  readonly seconds: number
  /** What is missing, and why. */
  readonly notes: readonly string[]
  readonly lines: readonly Line[]
}

/** The pictures, each with its figures and with what `notes`, a page with a `## name` for each, says of it. */
export function curvesPage(curves: readonly Curve[], notes: string): string {
  return [
    '# How costs grow',
    '',
    'Written by `npm run bench:curves`; what explains a picture is from [curves-notes.md](../curves-notes.md). How to read',
    'them is in [README.md](../README.md).',
    ...curves.flatMap(curve => ['', ...section(curve, notes)]),
    '',
  ].join('\n')
}

function section({name, title, xTitle, machine, rounds, seconds, notes: own, lines}: Curve, notes: string): string[] {
  const steps = [...new Set(lines.flatMap(({points}) => points.map(({x}) => x)))].sort((one, other) => one - other)
  const cell = ({points}: Line, step: number) => {
    const point = points.find(({x}) => x === step)
    return point === undefined ? '' : writeSpread(point.y, PER_DELIVERY)
  }
  return [
    `## ${title}`,
    '',
    `![${title}: ${PER_DELIVERY.title}](${name}.svg)`,
    '',
    ...table(
      [`${xTitle}; ${PER_DELIVERY.title}`, ...lines.map(line => line.name)],
      steps.map(step => [String(step), ...lines.map(line => cell(line, step))]),
    ),
    '',
    ...explanationOf(name, notes),
    '',
    `- median of ${rounds} × ${seconds} s (least–most)`,
    ...[...machine, ...own].map(line => `- ${line}`),
  ]
}

function explanationOf(name: string, notes: string): string[] {
  const lines = notes.split('\n')
  const start = lines.indexOf(`## ${name}`)
  if (start < 0) throw new Error(`curves-notes.md says nothing of ${name}`)
  const end = lines.findIndex((line, index) => index > start && line.startsWith('## '))
  return lines
    .slice(start + 1, end < 0 ? undefined : end)
    .join('\n')
    .trim()
    .split('\n')
}
