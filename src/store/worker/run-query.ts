import type {Row, SqlValue} from '../../contract/store.js'
import type {RequestOf} from '../messages.js'
import {StoreFault} from '../store-fault.js'
import {failureOf, primaryCode} from './failure.js'
import type {StatementCache} from './statement-cache.js'

const READONLY = 8

/** Rows of one reading statement. Whole numbers are numbers where those are exact, and bigints beyond 2^53-1. */
export function runQuery(statements: StatementCache, query: RequestOf<'query'>, file: string | null): Row[] {
  try {
    return readRows(statements, query, false)
  } catch (error) {
    // Only known when it happens, and reading all numbers as bigints takes longer.
    if ((error as {code?: unknown}).code === 'ERR_OUT_OF_RANGE') return readRows(statements, query, true)
    if (primaryCode(error) === READONLY) {
      const message = `a query only reads: ${query.sql.slice(0, 200)}`
      throw new StoreFault({code: 'statement_invalid', message}, {cause: error})
    }
    throw new StoreFault(failureOf(error, file), {cause: error})
  }
}

function readRows(statements: StatementCache, {sql, params, maxRows}: RequestOf<'query'>, hasBigInts: boolean): Row[] {
  const statement = statements.get(sql)
  statement.setReadBigInts(hasBigInts)
  const rows: Row[] = []
  for (const row of statement.iterate(...params)) {
    if (rows.length === maxRows) {
      throw new StoreFault({code: 'limit_reached', message: `a query gave more than ${maxRows} rows`})
    }
    rows.push(hasBigInts ? withNumbers(row) : row)
  }
  return rows
}

function withNumbers(row: Record<string, SqlValue>): Row {
  for (const [column, value] of Object.entries(row)) {
    if (typeof value !== 'bigint') continue
    const number = Number(value)
    if (Number.isSafeInteger(number)) row[column] = number
  }
  return row
}
