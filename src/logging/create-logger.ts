import {pino} from 'pino'
import type {Logger} from '../contract/logger.js'
import {visibleJson} from '../util/visible-text.js'
import {BoundedWriter} from './bounded-writer.js'
import {leadsElsewhere, openLogFile, openNonBlocking} from './destination.js'
import {LogHistory} from './log-history.js'
import {readableLine} from './readable-line.js'

export interface LoggerOptions {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Absolute path of a file to append JSON lines to. Null: `fd`. */
  file: string | null
  /** Lines for people instead of JSON. */
  isTerminal: boolean
  /** Colours in lines for people. */
  hasColor: boolean
  /** Where lines go without a file. Default 2, stderr. */
  fd?: number
  /** Bytes of lines that may wait for a slow reader before lines are dropped. Default 1 MiB. */
  limitBytes?: number
}

export interface ServerLogger extends Logger {
  /** The last lines, and those that come; ends with the logger. */
  readonly history: LogHistory
  setLevel(level: LoggerOptions['level']): void
  /**
   * Goes on in a new file where the log file was moved away, as programs that rotate logs do.
   *
   * @throws {GsError} file_unwritable when there can be none; then it goes on in the old one.
   */
  reopen(): void
  /** Waits until every line is written, at most `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>
  /** Flushes, at most `timeoutMs`, and ends: later lines are ignored. Twice is fine. */
  close(timeoutMs: number): Promise<void>
}

/**
 * A logger that never holds up its caller: lines are written in the background, and when the reader is too slow they are
 * dropped, counted, and the count is logged once it flows again. Nothing is written at `process.exit`: flush before.
 *
 * @throws {GsError} file_unwritable when the log file cannot be opened.
 */
export function createLogger(options: LoggerOptions): ServerLogger {
  const {level, file, isTerminal, hasColor, fd = 2, limitBytes = 1_048_576} = options
  let destination = file === null ? openNonBlocking(fd) : openLogFile(file)
  const isReadable = isTerminal && file === null
  const writer = new BoundedWriter({
    ...destination,
    limitBytes,
    onResume(droppedLines) {
      const fields = {droppedLines}
      const message = 'log lines were dropped because nobody read them in time'
      if (logger.isLevelEnabled('warn')) logger.warn(fields, message)
      else logger.error(fields, message)
    },
  })
  let isClosed = false
  const history = new LogHistory()
  const stream = {
    write(line: string) {
      writer.write(isReadable ? readableLine(line, {hasColor}) : visibleJson(line))
      history.add(line)
    },
  }
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {level: label => ({level: label})},
      serializers: {error: pino.stdSerializers.err, cause: pino.stdSerializers.err},
    },
    stream,
  )
  return {
    history,
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    setLevel(next) {
      logger.level = next
    },
    reopen() {
      if (isClosed || file === null || !leadsElsewhere(file, destination.fd)) return
      destination = openLogFile(file)
      writer.moveTo(destination)
    },
    async flush(timeoutMs) {
      await writer.flush(timeoutMs)
    },
    close(timeoutMs) {
      isClosed = true
      history.close()
      return writer.close(timeoutMs)
    },
  }
}
