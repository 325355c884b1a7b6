import type {Terminal} from '../../util/terminal.js'
import {bar} from '../analytics/bars.js'
import {formatCount} from '../numbers.js'
import {renderTable} from '../table.js'

const MAX_BAR = 60
const MIN_BAR = 10

/** One size and policy of a simulation. */
interface Result {
  readonly size: number
  readonly policy: string
  readonly hitRatePercent: number
}

/** Hit rates by size and policy: as a table, and as bars that begin at 0. */
export function renderSimulation(
  {reads, uniqueKeys, results}: {reads: number; uniqueKeys: number; results: readonly Result[]},
  {terminal, isUtf8}: {terminal: Terminal; isUtf8: boolean},
): string {
  const policies = [...new Set(results.map(({policy}) => policy))]
  const sizes = [...new Set(results.map(({size}) => size))]
  const rateOf = (size: number, policy: string) =>
    results.find(result => result.size === size && result.policy === policy)?.hitRatePercent ?? 0
  const table = renderTable(
    [
      {title: 'SIZE', align: 'right'},
      ...policies.map(policy => ({title: policy.toUpperCase(), align: 'right'}) as const),
    ],
    sizes.map(size => [formatCount(size), ...policies.map(policy => `${rateOf(size, policy).toFixed(2)} %`)]),
    terminal,
  )
  const nameWidth = Math.max(...policies.map(policy => policy.length))
  const sizeWidth = Math.max(...sizes.map(size => formatCount(size).length))
  const width = Math.max(MIN_BAR, Math.min(MAX_BAR, terminal.columns - nameWidth - sizeWidth - 11))
  const lines = sizes.flatMap(size =>
    policies.map((policy, index) => {
      const title = index === 0 ? formatCount(size) : ''
      const rate = rateOf(size, policy)
      const head = `${title.padStart(sizeWidth)}  ${policy.padEnd(nameWidth)}`
      return `${head}  ${bar(rate, 100, {width, isUtf8})} ${rate.toFixed(1)}`
    }),
  )
  const head = `${formatCount(reads)} reads of ${formatCount(uniqueKeys)} keys`
  return [head, '', table, '', ...lines].join('\n')
}
