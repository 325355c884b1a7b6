import {GsError} from '../../errors.js'
import {visibleValue} from '../../util/visible-text.js'

export type QueryValue = string | number | boolean | undefined

/**
 * A template for paths that escapes what is put in: `` requestPath`/v1/rooms/${roomId}` ``.
 *
 * @throws {GsError} usage for text that no path can carry: empty, `.`, `..`, or not well-formed.
 */
export function requestPath(parts: TemplateStringsArray, ...values: ReadonlyArray<string | number>): string {
  return parts.reduce((path, part, index) => `${path}${escapeSegment(String(values[index - 1]))}${part}`)
}

/** The query with its question mark, or nothing; values that are undefined are left out. */
export function queryText(query: Readonly<Record<string, QueryValue>>): string {
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) text.append(name, String(value))
  return text.size === 0 ? '' : `?${text}`
}

function escapeSegment(text: string): string {
  // A segment of dots would be taken for a step in the tree.
  if (text === '' || text === '.' || text === '..' || !text.isWellFormed()) {
    throw new GsError('usage', `cannot be part of a path: ${visibleValue(text)}`)
  }
  return encodeURIComponent(text)
}
