import {showCount} from '../show-number.js'
import {foreignText, padCell, type StyledLine, span} from '../styled-text.js'

const NAME_COLUMNS = 20
const COUNT_COLUMNS = 7
const CELL_COLUMNS = NAME_COLUMNS + COUNT_COLUMNS + 3

/** Names with their counts, largest first, filling column after column; zeros are left out. */
export function countedColumns(
  counts: Readonly<Record<string, number>>,
  {columns, rows, isUtf8}: {columns: number; rows: number; isUtf8: boolean},
): StyledLine[] {
  const sorted = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one)
  const across = Math.max(1, Math.floor(columns / CELL_COLUMNS))
  const down = Math.min(rows, Math.max(1, Math.ceil(sorted.length / across)))
  const shown = sorted.slice(0, across * down)
  const lines = shown.length === 0 ? 0 : down
  return Array.from({length: lines}, (_, row) =>
    Array.from({length: across}, (_, column) => shown[column * down + row]).flatMap(entry =>
      entry === undefined
        ? []
        : [
            span(`  ${padCell(foreignText(entry[0], isUtf8), NAME_COLUMNS)} `, 'faint'),
            span(padCell(showCount(entry[1]), COUNT_COLUMNS, 'right')),
          ],
    ),
  )
}
