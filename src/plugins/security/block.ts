import type {BlockEvidence, BlockView} from '../../contract/security.js'
import type {BlockTarget} from './target.js'

/** A block in memory. Times are wall time, in milliseconds since the epoch. */
export interface Block {
  readonly target: BlockTarget
  /** Null: by hand, or configured. */
  readonly rule: string | null
  readonly reason: string | null
  readonly author: string | null
  readonly evidence: BlockEvidence | null
  readonly isConfigured: boolean
  readonly sinceMs: number
  /** Null: until it is lifted. */
  readonly untilMs: number | null
}

/** Decided on read: a block that has ended never refuses, whether or not anybody swept it away. */
export function isInForce({untilMs}: Block, nowMs: number): boolean {
  return untilMs === null || nowMs < untilMs
}

export function toView(block: Block, isDurable: boolean): BlockView {
  const {target, rule, reason, author, evidence, isConfigured, sinceMs, untilMs} = block
  return {
    kind: target.kind,
    target: target.text,
    userId: target.kind === 'user' ? target.userId : null,
    rule,
    reason,
    author,
    evidence,
    isConfigured,
    isDurable,
    since: isConfigured ? null : sinceMs,
    until: untilMs,
  }
}
