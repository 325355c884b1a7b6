import type {CacheStats} from '../../contract/cache.js'
import {formatSize} from '../../units.js'
import type {Terminal} from '../../util/terminal.js'
import {formatCount, formatMs, formatPercent} from '../numbers.js'
import {renderTable} from '../table.js'

/** The cache: a line for each tier, and what was counted. */
export function renderCacheStats(stats: CacheStats, terminal: Terminal): string {
  const reads = readsOf(stats)
  const row = (tier: string, size: number, limit: number, bytes: string, hits: number, evicted: number) => [
    tier,
    `${formatCount(size)} of ${formatCount(limit)}`,
    bytes,
    formatCount(hits),
    formatPercent(percentOf(hits, reads)),
    formatCount(evicted),
  ]
  const {l1Size, l2Size, l1Limit, l2Limit, l1Bytes, l2Bytes, l2BytesLimit, l1Hits, l2Hits} = stats
  const l2Size0 = `${formatSize(l2Bytes)} of ${formatSize(l2BytesLimit)}`
  const table = renderTable(
    [
      {title: 'TIER'},
      {title: 'ENTRIES', align: 'right'},
      {title: 'BYTES', align: 'right'},
      {title: 'HITS', align: 'right'},
      {title: 'OF READS', align: 'right'},
      {title: 'EVICTED', align: 'right'},
    ],
    [
      row('L1', l1Size, l1Limit, formatSize(l1Bytes), l1Hits, stats.l1Evictions),
      row('L2', l2Size, l2Limit, l2Size0, l2Hits, stats.l2Evictions),
    ],
    terminal,
  )
  const lines = cacheLines(stats)
  const width = Math.max(...lines.map(([name]) => name.length))
  return `${table}\n\n${lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')}`
}

/** What was counted, a line for each matter. */
export function cacheLines(stats: CacheStats): (readonly [name: string, value: string])[] {
  return [
    ['hit rate', `${formatPercent(stats.hitRatePercent)} of ${formatCount(readsOf(stats))} reads`],
    ['written', formatCount(stats.sets)],
    ['moved', `${formatCount(stats.demotions)} down to L2, ${formatCount(stats.promotions)} up to L1`],
    ['evicted', describeEvictions(stats)],
    ['compression', describeCompression(stats)],
    ['policy', `${stats.policy}${stats.policy === 'filtered' ? `, ${formatCount(stats.ghosts)} ghosts` : ''}`],
    ['loads', describeLoads(stats)],
    ['games', `${formatCount(stats.games)} kept, ${formatCount(stats.gamesLost)} lost`],
  ]
}

/** How many times smaller L2 is than its values; 1 without any. */
export function compressionRatio({rawBytes, storedBytes}: CacheStats): number {
  return storedBytes === 0 ? 1 : rawBytes / storedBytes
}

export function readsOf({l1Hits, l2Hits, misses}: CacheStats): number {
  return l1Hits + l2Hits + misses
}

export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100
}

function describeEvictions({evictions}: CacheStats): string {
  const some = Object.entries(evictions).filter(([, count]) => count > 0)
  return some.length === 0 ? 'none' : some.map(([cause, count]) => `${formatCount(count)} ${cause}`).join(', ')
}

function describeCompression(stats: CacheStats): string {
  const {compression, rawBytes, storedBytes, encoded, encodeMs, unencoded} = stats
  const waiting = unencoded > 0 ? `; ${formatCount(unencoded)} wait` : ''
  if (encoded === 0) return `${compression}; nothing was encoded yet${waiting}`
  const ratio = `${formatSize(rawBytes)} in ${formatSize(storedBytes)}, ${compressionRatio(stats).toFixed(2)} to 1`
  return `${compression}: ${ratio}; ${formatMs(encodeMs / encoded)} for each of ${formatCount(encoded)}${waiting}`
}

function describeLoads({loads, loadFailures, avgLoadMs, sharedLoads, staleHits}: CacheStats): string {
  if (loads + loadFailures === 0) return 'none'
  const failed = loadFailures > 0 ? `, ${formatCount(loadFailures)} failed` : ''
  const shared = `, ${formatCount(sharedLoads)} reads shared one, ${formatCount(staleHits)} took an old value`
  return `${formatCount(loads)} in ${formatMs(avgLoadMs)} each${failed}${shared}`
}
