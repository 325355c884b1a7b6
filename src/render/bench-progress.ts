import type {BenchProgress} from '../ops/bench/run-bench.js'
import type {Terminal} from '../util/terminal.js'
import {cutToWidth} from './table.js'

const BAR_COLUMNS = 30

/** One line that says how far a load is; it replaces the one before. */
export function renderBenchProgress(
  {phase, ratio, clients, deliveriesPerSecond}: BenchProgress,
  {columns}: Terminal,
): string {
  const filled = Math.round(ratio * BAR_COLUMNS)
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_COLUMNS - filled)}]`
  const share = `${String(Math.floor(ratio * 100)).padStart(3)} %`
  const figure = phase === 'connecting' ? `${clients} clients` : `${Math.round(deliveriesPerSecond)} delivered/s`
  return cutToWidth(`${phase.padEnd(10)} ${bar} ${share}  ${figure}`, columns - 1)
}
