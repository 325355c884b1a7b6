import type {Dropped, LogEvent} from '../../contract/admin.js'
import {visibleText} from '../../util/visible-text.js'
import type {Tone} from './styled-text.js'

/** Something that happened, as a line: in the server's log, or to the connection with it. */
export interface TopEvent {
  readonly atMs: number
  readonly tone: Tone
  /** A word that stands for the tone where there are no colours. */
  readonly mark: string
  readonly text: string
}

/** How many are kept. */
export const MAX_EVENTS = 500

const TONES: Record<LogEvent['level'], Tone> = {debug: 'faint', info: 'plain', warn: 'warning', error: 'bad'}

/** A line of the server's log. Fields follow the words. */
export function fromLog(event: LogEvent | Dropped, nowMs: number): TopEvent {
  if ('dropped' in event) {
    return {atMs: nowMs, tone: 'faint', mark: 'gs', text: `${event.dropped} lines were left out: they came too fast`}
  }
  const {time, level, message, fields} = event
  const words = Object.entries(fields).map(([name, value]) => `${name}=${fieldText(value)}`)
  return {atMs: Date.parse(time), tone: TONES[level], mark: level, text: visibleText([message, ...words].join(' '))}
}

function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '-')
}
