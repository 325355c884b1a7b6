import type {QueryRequest, RowCell} from '../../contract/row-lines.js'
import type {AnalyticsSource} from '../admin/analytics.js'
import {queryAnalytics} from './open-rows.js'

export interface QueryResult {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly RowCell[])[]
  /** There are more rows than were asked for. */
  readonly isCut: boolean
}

/** What a query finds, all at once. Throws as `queryAnalytics`. */
export async function runQuery(source: AnalyticsSource, request: QueryRequest): Promise<QueryResult> {
  const stream = await queryAnalytics(source, request)
  const rows: (readonly RowCell[])[] = []
  for await (const portion of stream.portions()) rows.push(...portion)
  return {columns: stream.columns, rows, isCut: stream.isCut}
}

/** Rows as objects. Columns of the same name get numbers, so that none is lost. */
export function toObjects({columns, rows}: QueryResult): Record<string, RowCell>[] {
  const names = columns.map((name, index) => {
    const before = columns.slice(0, index).filter(other => other === name).length
    return before === 0 ? name : `${name}_${before + 1}`
  })
  return rows.map(row => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])))
}
