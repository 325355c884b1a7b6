/** One read of a socket. All frames that it completed share it. */
export class Read {
  readonly id: number
  /** Wall time, in milliseconds since the epoch. */
  readonly atMs: number
  readonly monotonicMs: number

  constructor(id: number, atMs: number, monotonicMs: number) {
    this.id = id
    this.atMs = atMs
    this.monotonicMs = monotonicMs
  }
}
