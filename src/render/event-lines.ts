import type {Dropped, LogEvent, TraceEvent} from '../contract/admin.js'
import {visibleText} from '../util/visible-text.js'

/** A log line of the server for people. */
export function renderLogEvent(event: LogEvent | Dropped): string {
  if ('dropped' in event) return droppedLine(event)
  const fields = Object.entries(event.fields).map(([name, value]) => `${name}=${inline(value)}`)
  return [clockTime(event.time), event.level.toUpperCase().padEnd(5), visibleText(event.message), ...fields].join(' ')
}

/** A traced message for people: who, what, what became of it, and the time in each hook. */
export function renderTraceEvent(event: TraceEvent | Dropped): string {
  if ('dropped' in event) return droppedLine(event)
  const {time, userId, roomId, type, sizeBytes, error, rule, durationMs, hooks} = event
  const where = roomId === null ? '' : ` room=${roomId}`
  const outcome = error === null ? 'ok' : `refused: ${error}${rule === null ? '' : ` by ${visibleText(rule)}`}`
  const times = hooks.map(({plugin, hook, durationMs}) => `${plugin}.${hook}=${microseconds(durationMs)}`)
  const head = `${clockTime(time)} user=${userId}${where} ${type ?? 'not understood'} ${sizeBytes} B`
  return [head, outcome, `total=${microseconds(durationMs)}`, ...times].join(' ')
}

function droppedLine({dropped}: Dropped): string {
  return `(${dropped} dropped: they came faster than they were read)`
}

function clockTime(time: string): string {
  return time.slice(11)
}

function microseconds(durationMs: number): string {
  return `${(durationMs * 1000).toFixed(1)}µs`
}

function inline(value: unknown): string {
  return visibleText(typeof value === 'string' && !/[\s"=]/.test(value) ? value : (JSON.stringify(value) ?? '-'))
}
