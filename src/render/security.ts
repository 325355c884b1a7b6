import type {
  AuditEntry,
  BlockSummary,
  RuleView,
  SecurityStats,
  TargetResult,
  UserSecurity,
} from '../contract/security.js'
import {formatDuration} from '../units.js'
import type {Terminal} from '../util/terminal.js'
import {visibleText} from '../util/visible-text.js'
import {renderDetails} from './details.js'
import {inSeconds, showField} from './listing.js'
import {countOf} from './numbers.js'
import {renderTable} from './table.js'

/** Statistics, and beneath them what each rule refused beside what it would have. */
export function renderSecurityStats(stats: SecurityStats, rules: readonly RuleView[], terminal: Terminal): string {
  const {refusals: _, wouldRefuse: __, mode, totalUsers, trackedAddresses, blockedIps, ...rest} = stats
  const words = {
    mode,
    trackedUsers: totalUsers,
    suspiciousUsers: rest.suspiciousUsers,
    blockedUsers: rest.blockedUsers,
    blockedAddresses: blockedIps,
    trackedAddresses,
    blocksByRules: rest.ruleBlocks,
    ...(mode === 'monitor' || rest.wouldBlock > 0 ? {wouldHaveBlocked: rest.wouldBlock} : {}),
    allowList: rest.allowed,
    ...(rest.evictedSuspects > 0 && {evictedSuspects: rest.evictedSuspects}),
    ...(rest.unsaved > 0 && {notOnTheDisk: rest.unsaved}),
  }
  const busy = rules.filter(({refused, wouldRefuse}) => refused > 0 || wouldRefuse > 0)
  const details = renderDetails(words, 0)
  if (busy.length === 0) return `${details}\nno rule was broken`
  const rows = busy
    .toSorted((one, other) => other.refused + other.wouldRefuse - one.refused - one.wouldRefuse)
    .map(({name, mode: ruleMode, refused, wouldRefuse}) => [name, ruleMode, String(refused), String(wouldRefuse)])
  return `${details}\n\n${renderTable(COUNT_COLUMNS, rows, terminal)}`
}

const COUNT_COLUMNS = [
  {title: 'RULE'},
  {title: 'MODE'},
  {title: 'REFUSED', align: 'right'},
  {title: 'ONLY COUNTED', align: 'right'},
] as const

const RULE_COLUMNS = [...COUNT_COLUMNS, {title: 'WHAT BREAKS IT'}] as const

export function renderRules(rules: readonly RuleView[], terminal: Terminal): string {
  const rows = rules.map(({name, mode, refused, wouldRefuse, description}) => [
    name,
    mode,
    String(refused),
    String(wouldRefuse),
    description,
  ])
  return renderTable(RULE_COLUMNS, rows, terminal)
}

/** Why a user is where they are, in lines. */
export function renderUserSecurity(user: UserSecurity, nowMs: number): string {
  const facts = {
    user: user.userId,
    isConnected: user.isConnected,
    address: user.address,
    allowedBy: user.allowedBy,
    blocked: describeBlock(user.block, nowMs),
    addressBlocked: describeBlock(user.addressBlock, nowMs),
    messages: `${user.messagesInMinute} of ${user.messageLimit} in the last minute`,
    violations: `${user.violations}, more than ${user.violationLimit} block`,
    suspicion: `${user.suspicion}, more than ${user.suspicionLimit} block`,
    admitted: user.admitted,
    refused: user.refused,
    blocksWithinAWeek:
      user.ladder.length === 0 ? 0 : `${user.ladder.length}, the last ${ago(user.ladder.at(-1), nowMs)}`,
  }
  const refusals = user.refusals.map(
    ({rule, at, count}) => `  ${visibleText(rule)}${count > 1 ? ` × ${count}` : ''}, ${ago(at, nowMs)}`,
  )
  const evidence = user.block?.evidence?.refusals.map(({rule, count}) => `  ${visibleText(rule)} × ${count}`) ?? []
  return [
    renderDetails(facts, nowMs),
    ...section('last refusals', refusals),
    ...section('what the block rests on', evidence),
    ...section(
      'next',
      user.next.map(sentence => `  ${visibleText(sentence)}`),
    ),
  ].join('\n')
}

/** One line for each target. */
export function renderResults(results: readonly TargetResult[]): string {
  return results
    .map(({message, durable, disconnected}) => {
      const closed = disconnected === 0 ? '' : `; ${countOf(disconnected, 'connection')} closed`
      const unsaved = durable ? '' : '; NOT on the disk yet, see gs status'
      return visibleText(`${message}${closed}${unsaved}`)
    })
    .join('\n')
}

const AUDIT_COLUMNS = [{title: 'WHEN'}, {title: 'WHO'}, {title: 'DID'}, {title: 'TO'}, {title: 'DETAILS'}] as const

export function renderAudit(entries: readonly AuditEntry[], terminal: Terminal): string {
  const rows = entries.map(({at, actor, action, target, details}) => [
    at.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
    actor,
    action,
    target ?? '-',
    Object.entries(details)
      .filter(([, value]) => !isNothing(value))
      .map(([name, value]) => `${name}: ${showDetail(name, value)}`)
      .join(', '),
  ])
  return renderTable(AUDIT_COLUMNS, rows, terminal)
}

function isNothing(value: unknown): boolean {
  return value === null || value === false || (typeof value === 'object' && Object.keys(value).length === 0)
}

function showDetail(name: string, value: unknown): string {
  if (name === 'forMs' && typeof value === 'number') return formatDuration(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function describeBlock(block: BlockSummary | null, nowMs: number): string | null {
  if (block === null) return null
  const who = block.rule === null ? (block.author ?? 'the configuration') : `rule ${block.rule}`
  const time =
    block.until === null ? 'until it is lifted' : `for ${inSeconds(Math.max(0, Date.parse(block.until) - nowMs))} more`
  const reason = block.reason === null ? '' : ` (${block.reason})`
  const where = block.kind === 'range' ? `, as part of ${block.target}` : ''
  return `by ${who}, ${time}${where}${reason}`
}

function ago(time: string | undefined, nowMs: number): string {
  return showField('lastActivity', time, nowMs)
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines]
}
