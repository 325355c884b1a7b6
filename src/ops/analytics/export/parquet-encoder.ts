import {ByteWriter, ParquetWriter, schemaFromColumnData} from 'hyparquet-writer'
import type {RowCell} from '../../../contract/row-lines.js'
import {kindOfColumn} from '../../../plugins/analytics/view-columns.js'
import type {RowEncoder} from './row-encoder.js'

/** What is kept in memory at a time. */
const GROUP_ROWS = 50_000

/** Apache Parquet with snappy: text as UTF-8, numbers as 64-bit integers, all of them nullable. */
export function parquetEncoder(view: string, columns: readonly string[]): RowEncoder {
  const kinds = columns.map(name => ({name, isText: kindOfColumn(view, name) === 'text'}))
  const types = kinds.map(({name, isText}) => ({name, data: [], type: isText ? 'STRING' : 'INT64'}) as const)
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({columnData: types as never}),
    createdBy: 'gs',
  })
  let group: (readonly RowCell[])[] = []

  function writeGroup(): void {
    if (group.length === 0) return
    const columnData = types.map(({name, type}, index) => ({
      name,
      type,
      data: group.map(row => toValue(row[index] ?? null, type === 'STRING')),
    }))
    void writer.write({columnData: columnData as never, rowGroupSize: GROUP_ROWS})
    group = []
  }

  /** The writer goes on at the offset that it has reached. */
  function take(): Uint8Array {
    const taken = bytes.getBytes().slice()
    bytes.index = 0
    return taken
  }

  return {
    begin: take,
    add(rows) {
      group.push(...rows)
      if (group.length >= GROUP_ROWS) writeGroup()
      return take()
    },
    end() {
      writeGroup()
      void writer.finish()
      return take()
    },
  }
}

function toValue(cell: RowCell, isText: boolean): string | bigint | null {
  if (cell === null) return null
  return isText ? String(cell) : BigInt(cell)
}
