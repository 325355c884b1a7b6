import {visibleText} from '../util/visible-text.js'
import {showField} from './listing.js'

/** One thing with its fields, a line each, the names in a column of their own. */
export function renderDetails(fields: object, nowMs: number): string {
  const entries = Object.entries(fields).map(
    ([field, value]) => [toWords(field), showField(field, value, nowMs)] as const,
  )
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${visibleText(value)}`).join('\n')
}

/** `bytesIn` becomes `bytes in`, `isGuest` becomes `guest`; units at the end go, as the value shows them. */
function toWords(field: string): string {
  const words = field.replace(/(Ms|At|Bytes)$/, '').replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  return words.replace(/^is /, '')
}
