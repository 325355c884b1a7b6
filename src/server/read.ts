/** One read of a socket. All frames that it completed share it. */
export class Read {
  readonly id: number
  /** Wall time, in milliseconds since the epoch. */
  readonly atMs: number
  readonly monotonicMs: number
  #chatTail: string | null = null

  constructor(id: number, atMs: number, monotonicMs: number) {
    this.id = id
    this.atMs = atMs
    this.monotonicMs = monotonicMs
  }

  /** What follows the text in a `chat` frame; the same for all that came with this read. */
  get chatTail(): string {
    // Joined, and so in one piece: a string that was added up is put together again with every use.
    this.#chatTail ??= ['","timestamp":', this.atMs, '}\n'].join('')
    return this.#chatTail
  }
}
