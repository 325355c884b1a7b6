import type {DemoResult} from '../../ops/analytics/demo/fill-demo.js'
import {formatSize} from '../../units.js'
import type {Terminal} from '../../util/terminal.js'
import {cutToWidth} from '../table.js'
import {progressBar} from './progress-bar.js'

/** One line that says how far it is; it replaces the one before. */
export function renderDemoProgress(
  {ratio, events}: {readonly ratio: number; readonly events: number},
  {columns}: Terminal,
): string {
  return cutToWidth(`${progressBar(ratio)}  ${events} events`, columns - 1)
}

/** What there is now, and what to do with it. */
export function renderDemo({dataDir, users, days, messages, games, sizeBytes}: DemoResult): string {
  return [
    `${users} users, ${days} days: ${messages} messages and ${games} games in ${dataDir} (${formatSize(sizeBytes)})`,
    '',
    'Look at it:',
    ...['rank --since 7d', 'heatmap', 'retention', 'report --since 30d'].map(
      command => `  gs analytics ${command} --data-dir ${dataDir}`,
    ),
  ].join('\n')
}
