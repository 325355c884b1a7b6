import type {RowCell} from '../../../contract/row-lines.js'
import type {RowEncoder} from './row-encoder.js'

/** An object on each line. What an event carries is in it as an object, too. */
export function ndjsonEncoder(columns: readonly string[]): RowEncoder {
  const names = columns.map(name => JSON.stringify(name))
  const data = columns.indexOf('data')
  const toLine = (row: readonly RowCell[]) =>
    `{${row.map((cell, index) => `${names[index]}:${index === data ? (cell ?? 'null') : JSON.stringify(cell)}`).join(',')}}\n`
  return {
    begin: () => Buffer.alloc(0),
    add: rows => Buffer.from(rows.map(toLine).join('')),
    end: () => Buffer.alloc(0),
  }
}

/** As RFC 4180 has it: names first, lines end with CR LF, null is an empty field. */
export function csvEncoder(columns: readonly string[]): RowEncoder {
  const toLine = (row: readonly RowCell[]) => `${row.map(toField).join(',')}\r\n`
  return {
    begin: () => Buffer.from(toLine(columns)),
    add: rows => Buffer.from(rows.map(toLine).join('')),
    end: () => Buffer.alloc(0),
  }
}

function toField(cell: RowCell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell)
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
