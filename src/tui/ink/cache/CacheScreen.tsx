import {Box, Text, useInput, useWindowSize} from 'ink'
import type {CacheStats} from '../../../contract/cache.js'
import {bar} from '../../../render/analytics/bars.js'
import {cacheLines} from '../../../render/cache/cache-stats.js'
import {formatCount, formatPercent, formatRate} from '../../../render/numbers.js'
import {formatSize} from '../../../units.js'
import {type CacheRates, fillings} from '../../model/cache-view.js'
import type {TerminalLook} from '../../model/terminal-look.js'
import {useCacheStats} from './use-cache-stats.js'

interface CacheScreenProps {
  readonly poll: () => Promise<CacheStats>
  readonly intervalMs: number
  readonly nowMs: () => number
  readonly look: TerminalLook
  readonly onLeave: () => void
}

const NAME_WIDTH = 12
const TEXT_WIDTH = 26
const MAX_BAR = 50
/** All but the lines at the end, with one for a problem. */
const FIXED_ROWS = 13

/** How full the cache is and what it finds, with bars; `q` leaves. */
export function CacheScreen({poll, intervalMs, nowMs, look, onLeave}: CacheScreenProps) {
  const {stats, rates, problem} = useCacheStats({poll, intervalMs, nowMs})
  const {columns, rows} = useWindowSize()
  useInput((input, key) => {
    if (input === 'q' || key.escape || (key.ctrl && input === 'c')) onLeave()
  })
  const faint = look.isColored ? {dimColor: true} : {}
  const width = Math.max(4, Math.min(MAX_BAR, columns - NAME_WIDTH - TEXT_WIDTH - 2))
  return (
    <Box flexDirection="column">
      <Text bold>gs cache</Text>
      {problem !== undefined && (
        <Text wrap="truncate" {...(look.isColored ? {color: 'yellow'} : {})}>
          {problem}
        </Text>
      )}
      {stats === undefined ? (
        <Text {...faint}>asking ...</Text>
      ) : (
        <Figures {...{stats, rates, look, width}} lineCount={Math.max(1, rows - FIXED_ROWS)} />
      )}
      <Text {...faint}>q leaves</Text>
    </Box>
  )
}

interface FiguresProps {
  readonly stats: CacheStats
  readonly rates: CacheRates | null
  readonly look: TerminalLook
  readonly width: number
  readonly lineCount: number
}

function Figures({stats, rates, look, width, lineCount}: FiguresProps) {
  const describe = (name: string, value: number) => (name.endsWith('bytes') ? formatSize(value) : formatCount(value))
  return (
    <>
      {fillings(stats).map(({name, part, whole}) => (
        <Bar key={name} name={name} ratio={part / whole} color="cyan" {...{look, width}}>
          {`${describe(name, part)} of ${describe(name, whole)}`}
        </Bar>
      ))}
      <Text> </Text>
      <Bar name="hits now" ratio={(rates?.hitRatePercent ?? 0) / 100} color="green" {...{look, width}}>
        {rates === null || rates.hitRatePercent === null ? 'no reads' : formatPercent(rates.hitRatePercent)}
      </Bar>
      <Bar name="  from L1" ratio={(rates?.l1Percent ?? 0) / 100} color="green" {...{look, width}}>
        {formatPercent(rates?.l1Percent ?? 0)}
      </Bar>
      <Bar name="  from L2" ratio={(rates?.l2Percent ?? 0) / 100} color="green" {...{look, width}}>
        {formatPercent(rates?.l2Percent ?? 0)}
      </Bar>
      <Text wrap="truncate">
        {'now'.padEnd(NAME_WIDTH)}
        {rates === null
          ? '-'
          : `${formatRate(rates.readsPerSecond)} reads/s, ${formatRate(rates.writesPerSecond)} writes/s, ${formatRate(rates.evictionsPerSecond)} evicted/s`}
      </Text>
      <Text> </Text>
      {cacheLines(stats)
        .slice(0, lineCount)
        .map(([name, value]) => (
          <Text key={name} wrap="truncate">
            {`${name.padEnd(NAME_WIDTH)}${value}`}
          </Text>
        ))}
    </>
  )
}

interface BarProps {
  readonly name: string
  /** 0 to 1. */
  readonly ratio: number
  readonly color: string
  readonly look: TerminalLook
  readonly width: number
  readonly children: string
}

function Bar({name, ratio, color, look, width, children}: BarProps) {
  const full = bar(ratio, 1, {width, isUtf8: look.isUtf8})
  const empty = (look.isUtf8 ? '·' : '.').repeat(Math.max(0, width - full.length))
  return (
    <Text wrap="truncate">
      {name.padEnd(NAME_WIDTH)}
      <Text {...(look.isColored ? {color} : {})}>{full}</Text>
      <Text {...(look.isColored ? {dimColor: true} : {})}>{empty}</Text>
      {` ${children}`}
    </Text>
  )
}
