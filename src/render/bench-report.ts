import type {BenchResult} from '../ops/bench/bench-result.js'
import type {ServerAccount} from '../ops/bench/server-account.js'
import {formatDuration} from '../units.js'
import {visibleText} from '../util/visible-text.js'
import {countOf} from './numbers.js'

/** What a load has shown, for people: a line a figure, grouped by who says it. */
export function renderBench(result: BenchResult): string {
  const {durationMs, isCutShort, latency, errors, lost, generator, server, notes} = result
  const groups = [
    [
      ['target', `${result.target.host}:${result.target.port}`],
      ['load', describeLoad(result)],
      ['messages', describeMessages(result)],
      ['measured', `${formatDuration(Math.round(durationMs))}${isCutShort ? ', cut short' : ''}`],
    ],
    [
      ['delivered', `${perSecond(result.deliveriesPerSecond)}  (${whole(result.deliveries)} messages)`],
      ['published', `${perSecond(result.publishedPerSecond)}  (${whole(result.published)} messages)`],
      ['echo p50', latency.samples === 0 ? '-' : milliseconds(latency.p50Ms)],
      ['echo p99', latency.samples === 0 ? '-' : milliseconds(latency.p99Ms)],
      ['echo max', latency.samples === 0 ? '-' : milliseconds(latency.maxMs)],
      ['errors', describeCounts(errors.total, errors.byCode)],
      ['lost clients', describeCounts(lost.total, lost.byReason)],
    ],
    server === null ? [] : describeServer(server),
    [
      [
        'load itself',
        `busy ${percent(generator.busyPercent)}, CPU ${percent(generator.cpuPercent)}, late ${milliseconds(generator.loopDelayP99Ms)} (p99) in the busiest thread`,
      ],
    ],
  ].filter(group => group.length > 0) as [string, string][][]
  const visible = groups.map(group => group.map(row => row.map(visibleText) as [string, string]))
  const width = Math.max(...visible.flat().map(([name]) => name.length))
  const paragraphs = visible.map(group => group.map(([name, value]) => `${name.padEnd(width)}  ${value}`))
  return [...paragraphs, notes.map(visibleText)]
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')
}

function describeLoad({load}: BenchResult): string {
  const {clients, rooms, publishers, window, ratePerSecond} = load
  const pace = window === null ? `${ratePerSecond} messages/s in all` : `${window} in flight each`
  return `${clients} clients in ${countOf(rooms, 'room')}, ${publishers} of each publishing, ${pace}`
}

function describeMessages({load}: BenchResult): string {
  const {payloadBytes, framing, workers} = load
  return `${payloadBytes} bytes, ${framing}, from ${countOf(workers, 'thread')}`
}

function describeServer(server: ServerAccount): [string, string][] {
  const {name, version, pid, cpuPercent, cpuUsPerDelivery, memoryUsageMb, plugins} = server
  const {eventLoopUtilizationPercent, eventLoopDelayP99Ms} = server
  return [
    ['server', `${name} ${version}, pid ${pid}, ${memoryUsageMb.toFixed(1)} MB`],
    ['server CPU', `${percent(cpuPercent)} of a core, ${cpuUsPerDelivery.toFixed(3)} µs a delivery`],
    ['server loop', `busy ${percent(eventLoopUtilizationPercent)}, late ${milliseconds(eventLoopDelayP99Ms)} (p99)`],
    ...plugins.map(
      ({name: plugin, usPerMessage}) =>
        [`plugin ${plugin}`, `${usPerMessage.toFixed(2)} µs a message`] as [string, string],
    ),
  ]
}

function describeCounts(total: number, counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).sort(([, one], [, other]) => other - one)
  return total === 0 ? '0' : `${whole(total)}  (${parts.map(([name, count]) => `${name} ${whole(count)}`).join(', ')})`
}

function perSecond(count: number): string {
  return `${whole(count)}/s`
}

/** Thousands apart by thin gaps, whatever the locale. */
function whole(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ' ')
}

function milliseconds(durationMs: number): string {
  return `${durationMs.toFixed(durationMs < 10 ? 2 : durationMs < 100 ? 1 : 0)} ms`
}

function percent(value: number): string {
  return `${value.toFixed(0)} %`
}
