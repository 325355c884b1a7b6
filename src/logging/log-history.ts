import type {Dropped, LogEvent} from '../contract/admin.js'
import {GsError} from '../errors.js'
import {EventQueue} from '../util/event-queue.js'
import {visibleLines, visibleText} from '../util/visible-text.js'

const MAX_LINES = 1000
const MAX_BYTES = 1_048_576
/** A longer line is kept without its fields, and its message is cut. */
const MAX_LINE_BYTES = 16_384
const MAX_CUT_MESSAGE = 1000
const MAX_FOLLOWERS = 32

const LEVELS: readonly LogEvent['level'][] = ['debug', 'info', 'warn', 'error']
/** How every line begins, whatever fields it has: a field named `level` comes later. */
const LINE_HEAD = /^\{"level":"(\w+)","time":"([^"]+)"/

export interface ReadOptions {
  /** Lines below it are left out. What the log itself leaves out is never there. Default `debug`. */
  readonly level?: LogEvent['level']
  /** Most past lines, 0 to 1 000. Default 1 000. */
  readonly lines?: number
  /** Go on with the lines that come. Default false. */
  readonly isFollowed?: boolean
  /** Ends the reading. */
  readonly signal?: AbortSignal
}

interface Line {
  readonly json: string
  readonly sizeBytes: number
}

/**
 * The last lines of a log, and those that come, for whoever looks. Lines are kept as the text that was written and are
 * taken apart only for readers. Strings in events are escaped as on a terminal, so that they can be printed as they are.
 */
export class LogHistory {
  /** Oldest first; at most 1 000 lines and 1 MiB. */
  readonly #lines: Line[] = []
  #sizeBytes = 0
  /** At most 32. */
  readonly #followers = new Map<EventQueue<LogEvent>, LogEvent['level']>()

  /** Takes a line of JSON as pino makes them. */
  add(json: string): void {
    const line = shorten({json, sizeBytes: Buffer.byteLength(json)})
    this.#lines.push(line)
    this.#sizeBytes += line.sizeBytes
    while (this.#lines.length > MAX_LINES || this.#sizeBytes > MAX_BYTES) {
      this.#sizeBytes -= (this.#lines.shift() as Line).sizeBytes
    }
    if (this.#followers.size > 0) this.#pass(line)
  }

  /**
   * Past lines, oldest first, and with `isFollowed` those that come. A reader that is too slow loses the oldest of them and
   * is told how many.
   *
   * @throws {GsError} limit_reached when 32 follow already.
   */
  read({
    level = 'debug',
    lines = MAX_LINES,
    isFollowed = false,
    signal,
  }: ReadOptions = {}): AsyncIterableIterator<LogEvent | Dropped> {
    if (isFollowed && this.#followers.size >= MAX_FOLLOWERS) {
      throw new GsError('limit_reached', `${MAX_FOLLOWERS} readers follow the log already, which is the limit`)
    }
    const queue = new EventQueue<LogEvent>({limit: MAX_LINES, signal, onEnd: () => this.#followers.delete(queue)})
    const wanted = this.#lines.filter(({json}) => reaches(levelOf(json), level))
    for (const {json} of lines > 0 ? wanted.slice(-lines) : []) queue.push(toEvent(json))
    if (isFollowed && !queue.hasEnded) this.#followers.set(queue, level)
    else queue.end()
    return queue
  }

  /** Ends all following. */
  close(): void {
    for (const queue of this.#followers.keys()) queue.end()
  }

  #pass({json}: Line): void {
    const level = levelOf(json)
    let event: LogEvent | undefined
    for (const [queue, least] of this.#followers) {
      if (!reaches(level, least)) continue
      event ??= toEvent(json)
      queue.push(event)
    }
  }
}

/** The history of a server's own logger; undefined for a logger of the embedding program. */
export function logHistoryOf(log: object): LogHistory | undefined {
  const {history} = log as {history?: unknown}
  return history instanceof LogHistory ? history : undefined
}

function levelOf(json: string): LogEvent['level'] {
  return (LINE_HEAD.exec(json)?.[1] ?? 'info') as LogEvent['level']
}

function reaches(level: LogEvent['level'], least: LogEvent['level']): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least)
}

function shorten(line: Line): Line {
  if (line.sizeBytes <= MAX_LINE_BYTES) return line
  const [, level, time] = LINE_HEAD.exec(line.json) ?? []
  const {msg} = JSON.parse(line.json) as {msg?: unknown}
  const json = JSON.stringify({level, time, omittedBytes: line.sizeBytes, msg: String(msg).slice(0, MAX_CUT_MESSAGE)})
  return {json, sizeBytes: Buffer.byteLength(json)}
}

function toEvent(json: string): LogEvent {
  const {level: _level, time: _time, msg, ...fields} = JSON.parse(json) as Record<string, unknown>
  const [, , time = ''] = LINE_HEAD.exec(json) ?? []
  return {
    time,
    level: levelOf(json),
    message: visibleText(String(msg ?? '')),
    fields: makeVisible(fields) as LogEvent['fields'],
  }
}

/** Log lines are nested 5 deep at most, so recursion is safe. */
function makeVisible(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return key === 'stack' ? visibleLines(value) : visibleText(value)
  if (Array.isArray(value)) return value.map(item => makeVisible(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [visibleText(name), makeVisible(inner, name)]))
}
