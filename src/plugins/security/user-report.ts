import type {BlockSummary, BlockView, UserSecurity} from '../../contract/security.js'
import {formatDuration} from '../../units.js'
import {parseAddress} from '../../util/address-range.js'
import {isoTime, isoTimeOrNull} from '../../util/iso-time.js'
import type {BlockKeeper} from './block-keeper.js'
import type {SecurityConfig} from './limits.js'
import {keyOf} from './security-tables.js'
import {userTarget} from './target.js'
import type {UserState} from './user-state.js'

export interface ReportInput {
  readonly userId: number
  readonly user: UserState | undefined
  /** Null: not connected. */
  readonly connectedFrom: string | null
  readonly keeper: BlockKeeper
  readonly config: SecurityConfig
  /** Wall and monotonic time. */
  readonly wallMs: number
  readonly nowMs: number
}

/** Says why a user is where they are, and what would come next. */
export function reportUser(input: ReportInput): UserSecurity {
  const {userId, user, connectedFrom, keeper, config, wallMs, nowMs} = input
  const {violationMemoryMs, suspicionDecayPerSecond, violationBlockMs, suspicionBlockMs, maxBlockMs: mostMs} = config
  const key = keyOf(userTarget(userId))
  const address = connectedFrom ?? user?.addressText ?? null
  const block = keeper.book.ofUser(userId, wallMs)
  const number = address === null ? null : parseAddress(address)
  const addressBlock = number === null ? undefined : keeper.book.ofAddress(number, wallMs, () => true)
  const suspicion = user?.suspicion.at(nowMs, suspicionDecayPerSecond) ?? 0
  const facts = {
    suspicion: Math.ceil(suspicion),
    suspicionLimit: config.suspiciousActivityThreshold,
    violations: user?.violations.count(nowMs, violationMemoryMs) ?? 0,
    violationLimit: config.violationsBeforeBlock,
    messagesInMinute: user?.messages.count(nowMs) ?? 0,
    messageLimit: config.rateLimitPerMinute,
    nextBlockMs: {
      violations: keeper.ladder.durationMs(key, wallMs, {firstMs: violationBlockMs, mostMs}),
      suspicion: keeper.ladder.durationMs(key, wallMs, {firstMs: suspicionBlockMs, mostMs}),
    },
  }
  const allowedBy = keeper.allowList.ofUser(userId, wallMs)?.target.text ?? null
  return {
    userId,
    isConnected: connectedFrom !== null,
    address,
    allowedBy,
    block: block === undefined ? null : summarize(keeper.view(block)),
    addressBlock: addressBlock === undefined ? null : summarize(keeper.view(addressBlock)),
    ...facts,
    admitted: user?.admitted ?? 0,
    refused: user?.refused ?? 0,
    refusals: user?.refusals.list.map(({rule, atMs, count}) => ({rule, at: isoTime(atMs), count})) ?? [],
    ladder: keeper.ladder.steps(key, wallMs).map(isoTime),
    next: allowedBy === null ? whatNext(facts, config) : ['The allow-list exempts this user: nothing is refused.'],
  }
}

type Facts = Pick<
  UserSecurity,
  'suspicion' | 'suspicionLimit' | 'violations' | 'violationLimit' | 'messagesInMinute' | 'messageLimit' | 'nextBlockMs'
>

function whatNext(facts: Facts, {mode, violationBlockMs, suspicionBlockMs}: SecurityConfig): string[] {
  const left = Math.max(0, facts.messageLimit - facts.messagesInMinute)
  const sentences = [`${left} more ${left === 1 ? 'message' : 'messages'} fit this minute; the next one is refused.`]
  if (violationBlockMs > 0) {
    const refusals = Math.max(1, facts.violationLimit + 1 - facts.violations)
    const duration = formatDuration(facts.nextBlockMs.violations)
    sentences.push(`${refusals} more ${refusals === 1 ? 'read' : 'reads'} with refusals block for ${duration}.`)
  }
  if (suspicionBlockMs > 0) {
    const points = Math.max(0, facts.suspicionLimit - facts.suspicion)
    sentences.push(`More than ${points} more suspicion blocks for ${formatDuration(facts.nextBlockMs.suspicion)}.`)
  }
  if (mode === 'monitor') sentences.push('All of this is only counted: the mode is monitor.')
  return sentences
}

function summarize(view: BlockView): BlockSummary {
  return {...view, since: isoTimeOrNull(view.since), until: isoTimeOrNull(view.until)}
}
