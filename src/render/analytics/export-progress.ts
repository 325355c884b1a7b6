import type {ExportProgress} from '../../ops/analytics/export/export-view.js'
import type {Terminal} from '../../util/terminal.js'
import {cutToWidth} from '../table.js'

const BAR_COLUMNS = 30

/** One line that says how far an export is; it replaces the one before. */
export function renderExportProgress({rows, total}: ExportProgress, {columns}: Terminal): string {
  const ratio = total === 0 ? 1 : Math.min(1, rows / total)
  const filled = Math.round(ratio * BAR_COLUMNS)
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_COLUMNS - filled)}]`
  return cutToWidth(`${bar} ${String(Math.floor(ratio * 100)).padStart(3)} %  ${rows} of ${total} rows`, columns - 1)
}
