import type {TimedCommand} from './commands.ts'
import type {Peer} from './peers.ts'
import {spreadOf, writeSpread} from './statistics.ts'
import {table} from './table.ts'
import {type Figure, LOAD_CPU, type Measured, type Work} from './works.ts'

/** What was measured of one peer at one work, a round each. */
export interface Series {
  readonly peer: Peer
  readonly work: Work
  readonly rounds: readonly Measured[]
}

export interface RunWords {
  readonly command: string
  readonly machine: readonly string[]
  readonly rounds: number
  readonly seconds: number
  readonly notes: readonly string[]
  /** Undefined: they were not measured. */
  readonly commands: readonly TimedCommand[] | undefined
}

/** Above this the generator had no time left, and might have held up the server. */
const BUSY_PERCENT = 97
/** Below this neither had its core to itself. */
const DISTURBED_PERCENT = 90

/** The page of results: the figure of each work first, then all figures, each as median (least–most). */
export function resultsPage(series: readonly Series[], words: RunWords): string {
  const works = [...new Set(series.map(({work}) => work))]
  const peers = [...new Set(series.map(({peer}) => peer))]
  const {command, machine, rounds, seconds, notes, commands} = words
  return [
    '# Results',
    '',
    `Written by \`${command}\`.`,
    `${rounds} × ${seconds} s, peers by turns; each figure is a median with the least and the most of the rounds.`,
    'How to read them is in [README.md](README.md).',
    '',
    ...machine.map(line => `- ${line}`),
    ...peers.map(({name, version}) => `- ${name}: ${version}`),
    ...notes.map(note => `- ${note}`),
    ...(works.length === 0 ? [] : inOneTable(series, works, peers)),
    ...works.flatMap(work => [
      '',
      `## ${work.name}`,
      '',
      `${work.words}.`,
      '',
      ...table(
        ['', ...[work.figure, ...work.details].map(({title}) => title)],
        peers.flatMap(peer => detailRow(find(series, peer, work)) ?? []),
      ),
    ]),
    ...(commands === undefined ? [] : commandsSection(commands)),
    '',
  ].join('\n')
}

function inOneTable(series: readonly Series[], works: readonly Work[], peers: readonly Peer[]): string[] {
  return [
    '',
    '## In one table',
    '',
    ...table(
      ['', ...works.map(({name, figure}) => `*${name}*: ${figure.title}`)],
      peers.map(peer => [peer.name, ...works.map(work => cell(find(series, peer, work), work.figure))]),
    ),
  ]
}

function commandsSection(commands: readonly TimedCommand[]): string[] {
  return [
    '',
    '## Commands',
    '',
    'From start to end, measured by `hyperfine`; the server has all plugins.',
    '',
    ...table(
      ['', 'ms'],
      commands.map(({words, ms}) => [words, writeSpread(ms, {factor: 1, digits: 0})]),
    ),
  ]
}

function detailRow(series: Series | undefined): [string[]] | undefined {
  if (series === undefined) return undefined
  const {peer, work} = series
  return [[peer.name, ...[work.figure, ...work.details].map(figure => cell(series, figure))]]
}

function cell(series: Series | undefined, figure: Figure): string {
  const values = series === undefined ? [] : valuesOf(series, figure.key)
  if (series === undefined || values.length === 0) return ''
  const text = writeSpread(spreadOf(values), figure)
  return [LOAD_CPU.key, 'rssMb'].includes(figure.key) ? text : `${text}${markOf(series)}`
}

/** What kept the server from doing all it can, at works that ask for that: those without a pace. */
function markOf(series: Series): string {
  const {load} = series.work
  if (load === null || load.rate !== undefined || load.publishers === 0) return ''
  const loadPercent = spreadOf(valuesOf(series, 'generatorCpuPercent')).median
  const serverPercent = spreadOf(valuesOf(series, 'serverCpuPercent')).median
  if (loadPercent > BUSY_PERCENT && serverPercent < loadPercent) return ' †'
  return Math.max(loadPercent, serverPercent) < DISTURBED_PERCENT ? ' ‡' : ''
}

function valuesOf({rounds}: Series, key: keyof Measured): number[] {
  return rounds.flatMap(round => round[key] ?? [])
}

function find(series: readonly Series[], peer: Peer, work: Work): Series | undefined {
  return series.find(one => one.peer === peer && one.work === work)
}
