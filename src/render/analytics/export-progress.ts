import type {ExportProgress} from '../../ops/analytics/export/export-view.js'
import type {Terminal} from '../../util/terminal.js'
import {cutToWidth} from '../table.js'
import {progressBar} from './progress-bar.js'

/** One line that says how far an export is; it replaces the one before. */
export function renderExportProgress({rows, total}: ExportProgress, {columns}: Terminal): string {
  return cutToWidth(`${progressBar(total === 0 ? 1 : rows / total)}  ${rows} of ${total} rows`, columns - 1)
}
