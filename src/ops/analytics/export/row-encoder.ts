import type {RowCell} from '../../../contract/row-lines.js'

export const EXPORT_FORMATS = ['ndjson', 'csv', 'parquet'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export type Rows = readonly (readonly RowCell[])[]

/** Turns rows into the bytes of a file; each call gives those that are ready. */
export interface RowEncoder {
  begin(): Uint8Array
  add(rows: Rows): Uint8Array
  end(): Uint8Array
}
