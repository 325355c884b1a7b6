import type {BlockSummary, SecurityStats} from '../../../contract/security.js'
import {inSeconds} from '../../../render/listing.js'
import {showCount} from '../show-number.js'
import {foreignText, type StyledLine, span} from '../styled-text.js'
import {countedColumns} from './counted-columns.js'
import {agoText, sinceText, tablePanel} from './list-panels.js'
import {type Panel, type PanelInput, titleLine} from './panel.js'
import {offLines} from './plugin-panels.js'

/** Rows of the panel that are no rules. */
const HEAD_ROWS = 4

/** What the security plugin keeps an eye on, and the rules that refused most. */
export const securityPanel: Panel = (input, {columns, rows}) => {
  const stats = input.sample?.security
  if (stats === undefined || stats === null) return offLines('security', stats, input, columns)
  const {mode, blockedUsers, blockedIps} = stats
  const monitors = mode === 'monitor'
  const title = titleLine(
    [
      span('security', 'title'),
      span(` ${blockedUsers + blockedIps} blocked`, blockedUsers + blockedIps > 0 ? 'warning' : 'bold'),
    ],
    [span(monitors ? 'monitor: refuses nothing' : mode, monitors ? 'warning' : 'faint')],
    columns,
    input.glyphs,
  )
  return [
    title,
    ...factLines(stats),
    ...ruleLines(stats, {columns, rows: Math.max(1, rows - HEAD_ROWS), isUtf8: input.isUtf8}),
  ]
}

function factLines({
  blockedUsers,
  blockedIps,
  suspiciousUsers,
  totalUsers,
  allowed,
  unsaved,
}: SecurityStats): StyledLine[] {
  const unsafe = unsaved === 0 ? [] : [span(`  ${showCount(unsaved)} not on the disk yet !`, 'warning')]
  return [
    [
      span('  users ', 'faint'),
      span(showCount(blockedUsers)),
      span('  addresses ', 'faint'),
      span(showCount(blockedIps)),
      span('  suspicious ', 'faint'),
      span(showCount(suspiciousUsers), suspiciousUsers > 0 ? 'warning' : 'plain'),
    ],
    [
      span('  tracked ', 'faint'),
      span(showCount(totalUsers)),
      span('  allowed ', 'faint'),
      span(showCount(allowed)),
      ...unsafe,
    ],
  ]
}

/** Rules that refused, most first, in as many columns as there is room for. */
function ruleLines(
  {mode, refusals, wouldRefuse}: SecurityStats,
  room: Parameters<typeof countedColumns>[1],
): StyledLine[] {
  const counts = mode === 'monitor' ? wouldRefuse : refusals
  const lines = countedColumns(counts, room)
  return lines.length > 0 ? lines : [[span('  no refusals', 'faint')]]
}

/** Blocks in force. */
export const blocksPanel: Panel = (input, size) => {
  const blocks = input.sample?.blocks
  if (blocks === undefined) return offLines('blocks', blocks, input, size.columns)
  const rows = blocks.items.map(block => blockRow(block, input))
  return tablePanel(
    {
      table: 'blocks',
      rows,
      total: blocks.total,
      nothing: 'no blocks',
      ...(!blocks.isEnforced && {warning: 'not enforced'}),
    },
    input,
    size,
  )
}

function blockRow({target, rule, since, until, author, kind, reason}: BlockSummary, input: PanelInput): string[] {
  const {isUtf8, sample} = input
  const endsMs = until === null ? null : Math.max(0, Date.parse(until) - (sample?.takenAtMs ?? 0))
  return [
    target,
    rule ?? 'by hand',
    endsMs === null ? 'never' : inSeconds(endsMs),
    since === null ? '' : sinceText(since, input),
    author === null ? '' : foreignText(author, isUtf8),
    kind,
    reason === null ? '' : foreignText(reason, isUtf8),
  ]
}

/** What stands against a user, for the panel of that user; nothing without the plugin. */
export function userSecurityLines(input: PanelInput): StyledLine[] {
  const user = input.sample?.userSecurity
  if (user === undefined || user === null) return []
  const {block, suspicion, suspicionLimit, violations, violationLimit, messagesInMinute, messageLimit} = user
  const facts = [
    span('  suspicion ', 'faint'),
    span(`${showCount(suspicion)}/${suspicionLimit}`),
    span('  violations ', 'faint'),
    span(`${violations}/${violationLimit}`),
    span('  this minute ', 'faint'),
    span(`${messagesInMinute}/${showCount(messageLimit)}`),
    span('  refused ', 'faint'),
    span(showCount(user.refused)),
  ]
  return [facts, ...(block === null ? [] : [blockLine(block, input)])]
}

function blockLine({rule, since, until}: BlockSummary, input: PanelInput): StyledLine {
  const untilText = until === null ? 'until it is lifted' : `until ${until}`
  const sinceWords = since === null ? '' : `, since ${agoText(since, input)}`
  return [span(`  BLOCKED by ${rule ?? 'hand'} ${untilText}${sinceWords}`, 'bad')]
}
