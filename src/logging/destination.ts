import {constants, fstatSync, openSync, statSync} from 'node:fs'
import {isatty} from 'node:tty'
import {GsError} from '../errors.js'
import {fileFault} from '../util/file-fault.js'
import {visibleText} from '../util/visible-text.js'

export interface LogDestination {
  readonly fd: number
  /** It was opened here and is to be closed at the end. */
  readonly ownsFd: boolean
}

/**
 * Opens a log file to append to; only its owner may read it when it is new. A pipe in its place has to have a reader.
 *
 * @throws {GsError} file_unwritable
 */
export function openLogFile(path: string): LogDestination {
  try {
    const {O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK} = constants
    return {fd: openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o600), ownsFd: true}
  } catch (error) {
    throw new GsError('file_unwritable', `cannot write the log ${visibleText(path)}: ${fileFault(error)}`, {
      cause: error,
    })
  }
}

/** Whether a path leads to something else by now than the descriptor, or nowhere: a file was moved away, or deleted. */
export function leadsElsewhere(path: string, fd: number): boolean {
  const opened = fstatSync(fd)
  const there = statSync(path, {throwIfNoEntry: false})
  return there?.ino !== opened.ino || there.dev !== opened.dev
}

/**
 * A descriptor that writes where `fd` does and never blocks. A write to a terminal that stopped reading would otherwise
 * hang in a thread, and the process could not even exit.
 *
 * A terminal or pipe is opened once more, as the mode of `fd` itself is shared with other processes; a socket cannot be.
 * A file never blocks for long.
 */
export function openNonBlocking(fd: number): LogDestination {
  const kind = fstatSync(fd)
  if (isatty(fd) || kind.isFIFO()) {
    try {
      const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY
      return {fd: openSync(`/proc/self/fd/${fd}`, flags), ownsFd: true}
    } catch {
      // No /proc outside Linux; no permission after a change of user; a pipe without a reader. The descriptor itself
      // works in all three, though a stalled terminal then delays the exit.
    }
  }
  // Node makes a socket or pipe of its stderr non-blocking when that is first looked at.
  if (fd === 2) process.stderr.fd satisfies number
  return {fd, ownsFd: false}
}
