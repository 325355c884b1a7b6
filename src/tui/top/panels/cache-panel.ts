import type {CacheStats} from '../../../contract/cache.js'
import type {Glyphs} from '../glyphs.js'
import {showBytes, showCount, showMs} from '../show-number.js'
import {padCell, type StyledLine, span} from '../styled-text.js'
import type {TopState} from '../top-state.js'
import {type Panel, titleLine} from './panel.js'
import {hitText, offLines} from './plugin-panels.js'

const BAR_COLUMNS = 16
/** From so many rows on there is room for more than the tiers and the hits. */
const DETAILED_ROWS = 12

/** How full the tiers of the cache are, how often they are of use, and why values went. */
export const cachePanel: Panel = (input, {columns, rows}) => {
  const stats = input.sample?.cache
  if (stats === undefined || stats === null) return offLines('cache', stats, input, columns)
  const {policy, compression} = stats
  const title = titleLine(
    [span('cache', 'title'), span(` ${hitText(stats)}`, 'bold')],
    [span(`${policy}, ${compression}`, 'faint')],
    columns,
    input.glyphs,
  )
  const facts = tierLines(stats, input.glyphs, input.state)
  return [title, ...facts, ...(rows >= DETAILED_ROWS && columns > 60 ? detailLines(stats, input.state) : [])]
}

function tierLines(stats: CacheStats, {full, empty}: Glyphs, {showsRawBytes}: TopState): StyledLine[] {
  const {l1Size, l1Limit, l2Size, l2Limit, l2Bytes, l2BytesLimit, l1Hits, l2Hits, misses} = stats
  const bar = (label: string, size: number, limit: number, value: string): StyledLine => {
    const filled = limit === 0 ? 0 : Math.round(Math.min(1, size / limit) * BAR_COLUMNS)
    return [
      span(`  ${padCell(label, 6)}`, 'faint'),
      span(full.repeat(filled), 'good'),
      span(empty.repeat(BAR_COLUMNS - filled), 'faint'),
      span(` ${value}`),
    ]
  }
  return [
    bar('L1', l1Size, l1Limit, `${showCount(l1Size)}/${showCount(l1Limit)}`),
    bar('L2', l2Size, l2Limit, `${showCount(l2Size)}/${showCount(l2Limit)}`),
    bar('bytes', l2Bytes, l2BytesLimit, showBytes(l2Bytes, showsRawBytes)),
    facts({'hits L1': showCount(l1Hits), L2: showCount(l2Hits), misses: showCount(misses)}),
  ]
}

function detailLines(stats: CacheStats, {showsRawBytes}: TopState): StyledLine[] {
  const {sets, promotions, demotions, evictions, rawBytes, storedBytes, loads, loadFailures, avgLoadMs} = stats
  const ratio = storedBytes === 0 ? '-' : `${(rawBytes / storedBytes).toFixed(1)} : 1`
  const causes = Object.entries(evictions).map(([cause, count]) => [cause, showCount(count)])
  return [
    [],
    facts({sets: showCount(sets), promotions: showCount(promotions), demotions: showCount(demotions)}),
    facts({evicted: '', ...Object.fromEntries(causes)}),
    facts({compression: ratio, raw: showBytes(rawBytes, showsRawBytes), stored: showBytes(storedBytes, showsRawBytes)}),
    facts({loads: showCount(loads), failed: showCount(loadFailures), each: showMs(avgLoadMs)}),
    facts({games: showCount(stats.games), 'games lost': showCount(stats.gamesLost)}),
  ]
}

function facts(values: Readonly<Record<string, string>>): StyledLine {
  return Object.entries(values).flatMap(([name, value]) => [span(`  ${name} `, 'faint'), span(value)])
}
