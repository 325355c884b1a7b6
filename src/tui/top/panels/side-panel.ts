import type {StyledLine} from '../styled-text.js'
import type {Panel} from './panel.js'
import {offPanel, pluginsPanel} from './plugin-panels.js'

export const securityPanel: Panel = offPanel('security')
export const cachePanel: Panel = offPanel('cache')

/** What stands beside the table: one below the other, each as high as what it has to say. */
export const sidePanel: Panel = (input, {columns, rows}) => {
  const lines: StyledLine[] = []
  for (const panel of [securityPanel, cachePanel, pluginsPanel]) {
    lines.push(...panel(input, {columns, rows: Math.max(0, rows - lines.length)}), [])
  }
  return lines
}
