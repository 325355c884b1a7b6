import {writeSync} from 'node:fs'
import type {RowCell, RowLine} from '../../contract/row-lines.js'
import type {SqlValue} from '../../contract/store.js'

/** A line goes out when it has at least so many characters; whoever reads takes lines of at most 1 MiB. */
const FULL_LINE = 65_536
/** How long to wait for a reader that is behind before the next try. */
const PAUSE_MS = 2

/** Writes lines to a descriptor, and waits while nobody reads. */
export class RowWriter {
  readonly #descriptor: number
  readonly #pause = new Int32Array(new SharedArrayBuffer(4))
  #rows: string[] = []
  #length = 0
  #count = 0

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  get count(): number {
    return this.#count
  }

  add(row: readonly SqlValue[]): void {
    const text = JSON.stringify(row.map(toCell))
    this.#rows.push(text)
    this.#length += text.length
    this.#count += 1
    if (this.#length >= FULL_LINE) this.flush()
  }

  flush(): void {
    if (this.#rows.length === 0) return
    this.#write(`{"rows":[${this.#rows.join(',')}]}\n`)
    this.#rows = []
    this.#length = 0
  }

  say(line: Exclude<RowLine, {rows: unknown}>): void {
    this.flush()
    this.#write(`${JSON.stringify(line)}\n`)
  }

  #write(text: string): void {
    const bytes = Buffer.from(text)
    for (let offset = 0; offset < bytes.length; ) offset += this.#writeSome(bytes, offset)
  }

  /** A pipe that is full takes nothing; there is no way to be told when it does again. */
  #writeSome(bytes: Buffer, offset: number): number {
    try {
      return writeSync(this.#descriptor, bytes, offset)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(this.#pause, 0, 0, PAUSE_MS)
      return 0
    }
  }
}

function toCell(value: SqlValue): RowCell {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return typeof value === 'bigint' ? String(value) : value
}
