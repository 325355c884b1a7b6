import {splitGraphemes, textColumns} from '../../util/text-columns.js'

/**
 * Cuts a text into rows of at most `columns` (1 or more), at spaces where it can. No character is lost but the space a
 * row ends at. A character that is wider than a row stands alone in one.
 */
export function wrapText(text: string, columns: number): string[] {
  const rows: string[] = []
  let row = ''
  let rowColumns = 0
  // Where the row could end: its text up to the last space, and what came after.
  let whole: string | undefined
  let tail = ''
  for (const grapheme of splitGraphemes(text)) {
    const width = textColumns(grapheme)
    if (rowColumns + width > columns && row !== '') {
      const cut = grapheme === ' ' || !whole ? {done: row, kept: ''} : {done: whole, kept: tail}
      rows.push(cut.done)
      row = cut.kept
      rowColumns = textColumns(row)
      whole = undefined
      tail = ''
      if (grapheme === ' ') continue
    }
    if (grapheme === ' ') {
      whole = row
      tail = ''
    } else {
      tail += grapheme
    }
    row += grapheme
    rowColumns += width
  }
  return [...rows, row]
}

/** Shortens a text to `columns`, with `ellipsis` where something is missing. */
export function fitText(text: string, columns: number, ellipsis: string): string {
  if (textColumns(text) <= columns) return text
  const room = columns - textColumns(ellipsis)
  if (room <= 0) return ''
  let kept = ''
  let used = 0
  for (const grapheme of splitGraphemes(text)) {
    used += textColumns(grapheme)
    if (used > room) break
    kept += grapheme
  }
  return kept + ellipsis
}
