import {close, write} from 'node:fs'
import type {LogDestination} from './destination.js'

/** `fd` must not block: a file, or opened with O_NONBLOCK. */
export interface BoundedWriterOptions extends LogDestination {
  /** Bytes that may wait. A line that does not fit any more is dropped. */
  limitBytes: number
  /** Called once it flows again, with the number of lines dropped since it last did. */
  onResume(droppedLines: number): void
}

const CHUNK_BYTES = 65_536
/** The reader has not made room yet. */
const BUSY_RETRY_MS = 50
/** A disk is full, and the like: worth another try, at leisure. */
const FAILURE_RETRY_MS = 1000
/** Nobody will ever read again. */
const GONE = new Set(['EPIPE', 'EBADF', 'EIO', 'ENXIO', 'ECONNRESET', 'ENOTCONN'])
const BUSY = new Set(['EAGAIN', 'EBUSY'])

/**
 * Writes lines in the background, in order, without ever making the caller wait. A reader that stalls costs memory up to
 * the limit and then lines; it holds up neither the event loop nor the exit: waiting for it keeps no process alive, only
 * `flush` and `close` do, and they have a time limit.
 *
 * sonic-boom was not taken: its waits keep the process alive, and after `destroy` it may write to a closed descriptor.
 */
export class BoundedWriter {
  readonly #options: BoundedWriterOptions
  #destination: LogDestination
  /** Where lines go once the chunk under way is written. */
  #nextDestination: LogDestination | undefined
  /** Bounded by `limitBytes`, together with `#chunk`. */
  #lines: string[] = []
  #chunk: Buffer | undefined
  #waitingBytes = 0
  #droppedLines = 0
  #isWriting = false
  #isOver = false
  #retry: NodeJS.Timeout | undefined
  /** One per `flush` under way. */
  readonly #idleWaiters = new Set<() => void>()
  #closing: Promise<void> | undefined

  constructor(options: BoundedWriterOptions) {
    this.#options = options
    this.#destination = options
  }

  write(line: string): void {
    if (this.#isOver) return
    const sizeBytes = Buffer.byteLength(line)
    if (this.#waitingBytes + sizeBytes > this.#options.limitBytes) {
      this.#droppedLines += 1
      return
    }
    this.#lines.push(line)
    this.#waitingBytes += sizeBytes
    if (!this.#isWriting && this.#retry === undefined) this.#writeNext()
  }

  /** Has what is not begun yet, and all later lines, written elsewhere. No line is cut in two. */
  moveTo(destination: LogDestination): void {
    if (this.#nextDestination !== undefined) closeOwned(this.#nextDestination)
    this.#nextDestination = destination
    if (this.#isOver) this.#closeFd()
    else if (!this.#isWriting && this.#chunk === undefined) this.#move()
  }

  /** Waits until all is written, at most `timeoutMs`. Resolves with false when the time did not suffice. */
  async flush(timeoutMs: number): Promise<boolean> {
    if (this.#isIdle()) return true
    return await new Promise(resolve => {
      const settle = (isDone: boolean) => {
        clearTimeout(timer)
        this.#idleWaiters.delete(onIdle)
        resolve(isDone)
      }
      const onIdle = () => settle(true)
      const timer = setTimeout(() => settle(false), timeoutMs)
      this.#idleWaiters.add(onIdle)
    })
  }

  /** Flushes and ends; what is not written within `timeoutMs` is given up. Lines written later are ignored. */
  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(timeoutMs)
    return this.#closing
  }

  async #close(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs)
    this.#giveUp()
    if (!this.#isWriting) this.#closeFd()
  }

  #isIdle(): boolean {
    return this.#lines.length === 0 && this.#chunk === undefined
  }

  #writeNext(): void {
    this.#retry = undefined
    if (this.#chunk === undefined) this.#move()
    this.#chunk ??= this.#takeChunk()
    if (this.#chunk === undefined) {
      for (const onIdle of this.#idleWaiters) onIdle()
      return
    }
    this.#isWriting = true
    write(this.#destination.fd, this.#chunk, (error, writtenBytes) => {
      this.#isWriting = false
      if (this.#isOver) this.#closeFd()
      else if (error) this.#handleFailure(error)
      else this.#handleWritten(writtenBytes)
    })
  }

  #takeChunk(): Buffer | undefined {
    let count = 0
    // A UTF-16 unit is 1 to 3 bytes: near enough for a chunk.
    for (let units = 0; count < this.#lines.length && units < CHUNK_BYTES; count += 1) {
      units += (this.#lines[count] as string).length
    }
    return count === 0 ? undefined : Buffer.from(this.#lines.splice(0, count).join(''))
  }

  #handleWritten(writtenBytes: number): void {
    const rest = this.#chunk?.subarray(writtenBytes)
    this.#chunk = rest?.length ? rest : undefined
    this.#waitingBytes -= writtenBytes
    if (this.#droppedLines > 0 && this.#waitingBytes <= this.#options.limitBytes / 2) {
      const droppedLines = this.#droppedLines
      this.#droppedLines = 0
      this.#options.onResume(droppedLines)
    }
    if (!this.#isWriting) this.#writeNext()
  }

  #handleFailure({code = ''}: NodeJS.ErrnoException): void {
    if (GONE.has(code)) {
      this.#giveUp()
      for (const onIdle of this.#idleWaiters) onIdle()
      return
    }
    this.#retry = setTimeout(() => this.#writeNext(), BUSY.has(code) ? BUSY_RETRY_MS : FAILURE_RETRY_MS)
    this.#retry.unref()
  }

  #giveUp(): void {
    this.#isOver = true
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#lines = []
    this.#chunk = undefined
    this.#waitingBytes = 0
  }

  #move(): void {
    if (this.#nextDestination === undefined) return
    closeOwned(this.#destination)
    this.#destination = this.#nextDestination
    this.#nextDestination = undefined
  }

  /** Twice is fine. */
  #closeFd(): void {
    this.#move()
    closeOwned(this.#destination)
    this.#destination = {...this.#destination, ownsFd: false}
  }
}

function closeOwned({fd, ownsFd}: LogDestination): void {
  // Nobody could be told that closing failed: this is the log.
  if (ownsFd) close(fd, () => undefined)
}
