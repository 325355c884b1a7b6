import type {StyledLine} from '../styled-text.js'
import {cachePanel} from './cache-panel.js'
import type {Panel} from './panel.js'
import {pluginsPanel} from './plugin-panels.js'
import {securityPanel} from './security-panels.js'

/** What stands beside the table: one below the other, each as high as what it has to say. */
export const sidePanel: Panel = (input, {columns, rows}) => {
  const lines: StyledLine[] = []
  // The first must leave room for the others, the last takes what is left.
  for (const [panel, share] of [
    [securityPanel, 0.4],
    [cachePanel, 0.4],
    [pluginsPanel, 1],
  ] as const) {
    const room = Math.min(rows - lines.length, Math.ceil(rows * share))
    lines.push(...panel(input, {columns, rows: Math.max(0, room)}).slice(0, Math.max(0, room)), [])
  }
  return lines
}
