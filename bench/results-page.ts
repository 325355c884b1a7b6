import type {Peer} from './peers.ts'
import {spreadOf, writeSpread} from './statistics.ts'
import type {Figure, Measured, Work} from './works.ts'

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
}

/** Above this the generator had no time left, and might have held up the server. */
const BUSY_PERCENT = 97

const DETAILS: readonly Figure[] = [
  {key: 'deliveriesPerSecond', title: 'delivered/s', factor: 1, digits: 0},
  {key: 'p50Us', title: 'p50, ms', factor: 0.001, digits: 2},
  {key: 'p99Us', title: 'p99, ms', factor: 0.001, digits: 2},
  {key: 'serverCpuPercent', title: 'server CPU, %', factor: 1, digits: 0},
  {key: 'generatorCpuPercent', title: 'load CPU, %', factor: 1, digits: 0},
  {key: 'rssMb', title: 'RSS, MB', factor: 1, digits: 0},
]

/** The page of results: the figure of each work first, then all figures, each as median (least–most). */
export function resultsPage(series: readonly Series[], words: RunWords): string {
  const works = [...new Set(series.map(({work}) => work))]
  const peers = [...new Set(series.map(({peer}) => peer))]
  const {command, machine, rounds, seconds, notes} = words
  return [
    '# Results',
    '',
    `Written by \`${command}\`: ${rounds} × ${seconds} s, peers by turns; each figure is a median with the least and`,
    'the most of the rounds. How to read them is in [README.md](README.md).',
    '',
    ...machine.map(line => `- ${line}`),
    ...peers.map(({name, version}) => `- ${name}: ${version}`),
    ...notes.map(note => `- ${note}`),
    '',
    '## In one table',
    '',
    ...table(
      ['', ...works.map(({name, figure}) => `*${name}*: ${figure.title}`)],
      peers.map(peer => [peer.name, ...works.map(work => cell(find(series, peer, work), work.figure))]),
    ),
    ...works.flatMap(work => [
      '',
      `## ${work.name}`,
      '',
      `${work.words}.`,
      '',
      ...table(
        ['', ...[work.figure, ...DETAILS.filter(({key}) => key !== work.figure.key)].map(({title}) => title)],
        peers.flatMap(peer => detailRow(find(series, peer, work)) ?? []),
      ),
    ]),
    '',
  ].join('\n')
}

function detailRow(series: Series | undefined): [string[]] | undefined {
  if (series === undefined) return undefined
  const {peer, work} = series
  const figures = [work.figure, ...DETAILS.filter(({key}) => key !== work.figure.key)]
  return [[peer.name, ...figures.map(figure => cell(series, figure))]]
}

function cell(series: Series | undefined, figure: Figure): string {
  if (series === undefined) return ''
  const text = writeSpread(spreadOf(series.rounds.map(round => round[figure.key])), figure)
  const isBusy = figure.key !== 'generatorCpuPercent' && isHeldUp(series) && series.work.rate === undefined
  return isBusy && figure.key !== 'rssMb' ? `${text} †` : text
}

/** The load was at its limits, and the server was not. */
function isHeldUp({rounds}: Series): boolean {
  const load = spreadOf(rounds.map(round => round.generatorCpuPercent)).median
  const server = spreadOf(rounds.map(round => round.serverCpuPercent)).median
  return load > BUSY_PERCENT && server < load
}

function find(series: readonly Series[], peer: Peer, work: Work): Series | undefined {
  return series.find(one => one.peer === peer && one.work === work)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)]
}
