import {existsSync} from 'node:fs'
import {join, resolve} from 'node:path'
import type {QueryLimits, Row, SqlValue} from '../contract/store.js'
import {GsError} from '../errors.js'
import type {Salvage} from './messages.js'
import {StoreFault, toError} from './store-fault.js'
import {StoreThread} from './store-thread.js'

const DEFAULT_MAX_ROWS = 100_000

/** A store that is only read, whoever else has it open. */
export interface StoreReader {
  /** @throws {GsError} as `Store.query`. */
  query<Columns extends Row = Row>(sql: string, params?: readonly SqlValue[], limits?: QueryLimits): Promise<Columns[]>
  close(): Promise<void>
}

/**
 * Opens the store in a data directory for reading, in a thread of its own. A running server goes on meanwhile; what it
 * commits is seen by the next query. Nothing is changed, mended or made.
 *
 * @throws {GsError} not_found when there is no store; store_newer; store_unavailable when it cannot be read.
 */
export async function openStoreReader(directory: string): Promise<StoreReader> {
  const file = join(resolve(directory), 'gs.db')
  if (!existsSync(file)) {
    throw new GsError('not_found', `there is no data in ${resolve(directory)}`, {
      hint: 'A data directory has a file gs.db. "gs status" names that of a running server.',
    })
  }
  let opened: {thread: StoreThread; salvage: Salvage | null}
  try {
    opened = await StoreThread.open({start: {role: 'reader', file, nowMs: 0}, running: new Set()})
  } catch (error) {
    throw error instanceof StoreFault ? toError(error.failure, error.cause) : error
  }
  const {thread} = opened
  return {
    async query(sql, params = [], {maxRows = DEFAULT_MAX_ROWS} = {}) {
      const outcome = await thread.ask({kind: 'query', sql, params, maxRows})
      if ('failure' in outcome) throw toError(outcome.failure)
      return outcome.value as never
    },
    close: () => thread.close(),
  }
}
