import type {BufferedOutcome, QueryLimits, Row, SqlValue, Statement, Store, StoreStatus} from '../contract/store.js'

/** A store that can be closed. */
export interface ClosableStore extends Store {
  close(): Promise<void>
}

/** Opens the store with its first use, so that a server whose plugins keep nothing has no file and no threads for it. */
export class LazyStore implements ClosableStore {
  readonly isLasting: boolean
  readonly #open: () => Promise<ClosableStore>
  #opening: Promise<ClosableStore> | undefined
  #store: ClosableStore | undefined

  constructor(open: () => Promise<ClosableStore>, {isLasting = true}: {isLasting?: boolean} = {}) {
    this.#open = open
    this.isLasting = isLasting
  }

  status(): StoreStatus | null {
    return this.#store?.status() ?? null
  }

  async migrate(owner: string, steps: readonly string[]): Promise<void> {
    return (await this.#use()).migrate(owner, steps)
  }

  async write(statements: readonly Statement[]): Promise<void> {
    return (await this.#use()).write(statements)
  }

  async append(statements: readonly Statement[]): Promise<BufferedOutcome> {
    try {
      return await (await this.#use()).append(statements)
    } catch {
      // It could not be opened, which those who bring their tables up to date are told.
      return 'dropped'
    }
  }

  async query<Columns extends Row = Row>(
    sql: string,
    params?: readonly SqlValue[],
    limits?: QueryLimits,
  ): Promise<Columns[]> {
    return (await this.#use()).query<Columns>(sql, params, limits)
  }

  async flush(): Promise<void> {
    await (await this.#opened())?.flush()
  }

  async backup(path: string): Promise<{readonly sizeBytes: number}> {
    return (await this.#use()).backup(path)
  }

  async close(): Promise<void> {
    await (await this.#opened())?.close()
  }

  /** Undefined: never used, or it could not be opened, which whoever used it was told. */
  async #opened(): Promise<ClosableStore | undefined> {
    return this.#opening?.catch(() => undefined)
  }

  /** A failed opening may be tried again. */
  #use(): Promise<ClosableStore> {
    this.#opening ??= this.#open().then(
      store => {
        this.#store = store
        return store
      },
      error => {
        this.#opening = undefined
        throw error
      },
    )
    return this.#opening
  }
}
