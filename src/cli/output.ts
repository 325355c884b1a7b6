/**
 * Writes results to stdout and knows whether they arrived. `console.log` swallows errors, so a full disk would look like
 * success.
 */
export class Output {
  readonly #stream: NodeJS.WriteStream
  #failure: NodeJS.ErrnoException | undefined
  #pendingWrites = 0
  #onSettled: (() => void) | undefined
  readonly #onError = (error: NodeJS.ErrnoException) => this.#fail(error)
  readonly #gone = new AbortController()

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    // oclif's own listener throws on anything but EPIPE, which ends the process with a stack.
    stream.removeAllListeners('error')
    stream.on('error', this.#onError)
  }

  /** Aborted when nothing more can be written, so that whoever would write without end may end. */
  get gone(): AbortSignal {
    return this.#gone.signal
  }

  write(text: string): void {
    if (this.#failure !== undefined) return
    this.#pendingWrites += 1
    this.#stream.write(text, error => {
      if (error) this.#fail(error)
      this.#pendingWrites -= 1
      if (this.#pendingWrites === 0) this.#onSettled?.()
    })
  }

  /** Waits until all is written. Returns what went wrong; a reader that has seen enough and left is not wrong. */
  async finish(): Promise<Error | undefined> {
    await this.#settled()
    return this.#failure?.code === 'EPIPE' ? undefined : this.#failure
  }

  /**
   * Ends a command: waits until all is written, also by others, and tells what could not be. A later output for the same
   * stream does so in its place. `failureStatus`: the exit status when something was lost.
   */
  async close(failureStatus = 1): Promise<void> {
    if (!this.#stream.listeners('error').includes(this.#onError)) return
    // Something written behind it tells when it has arrived; where nothing waits, even that could fail.
    if (this.#stream.writableLength > 0) this.write('')
    // A failure of a write that waited for nothing is told a moment later.
    else await new Promise(resolve => setImmediate(resolve))
    const failure = await this.finish()
    if (failure === undefined) return
    process.exitCode = failureStatus
    process.stderr.write(`gs: cannot write the output: ${failure.message}\n`)
  }

  /** Waits for a reader that is behind, so that what waits for it stays small. */
  async drained(): Promise<void> {
    if (this.#stream.writableNeedDrain) await this.#settled()
  }

  async #settled(): Promise<void> {
    if (this.#pendingWrites === 0) return
    await new Promise<void>(resolve => {
      this.#onSettled = resolve
    })
  }

  #fail(error: NodeJS.ErrnoException): void {
    // What comes after the first failure only says that the stream is gone.
    this.#failure ??= error
    this.#gone.abort()
  }
}
