/**
 * What the security plugin tells and takes: its statistics, blocks, allow-list and audit. Embedders reach it as
 * `server.security`, operators by the admin routes below `/v1/security`.
 */

/** `enforce`: refuse. `flag`: count what would have been refused. `off`: do not look. */
export type RuleMode = 'enforce' | 'flag' | 'off'

/** Whom a block or an exemption is about. Addresses may be written in any form, ranges in CIDR form. */
export type SecurityTarget =
  | {readonly user: number}
  /** A span of user ids, both ends included. Can be allowed, not blocked. */
  | {readonly users: {readonly first: number; readonly last: number}}
  | {readonly ip: string}
  | {readonly cidr: string}

export type BlockKind = 'user' | 'address' | 'range'

/** Why a rule blocked: counts and times, never what was said. */
export interface BlockEvidence {
  /** Refusals within the last `security.violationMemoryMs`, all those of one read being one. */
  readonly violations: number
  readonly suspicion: number
  /** When the last refusals were, oldest first; at most 10. */
  readonly refusals: readonly {readonly rule: string; readonly at: string; readonly count: number}[]
  /** From where the user came. */
  readonly address: string | null
}

interface BlockFacts {
  readonly kind: BlockKind
  /** `42`, `203.0.113.7` or `203.0.113.0/24`. */
  readonly target: string
  /** Null unless `kind` is `user`. */
  readonly userId: number | null
  /** The rule that blocked; null: it was done by hand, or stands in the configuration. */
  readonly rule: string | null
  readonly reason: string | null
  /** Who blocked; null for rules and the configuration. */
  readonly author: string | null
  readonly evidence: BlockEvidence | null
  /** It stands in `security.blockedIps` and can only be lifted there. */
  readonly isConfigured: boolean
  /** False: it is enforced, and not on the disk yet; that is tried again. */
  readonly isDurable: boolean
}

/** A block that is in force. Times are wall time, in milliseconds since the epoch. */
export interface BlockView extends BlockFacts {
  /** Null for those of the configuration. */
  readonly since: number | null
  /** Null: until it is lifted. */
  readonly until: number | null
}

/** The same as operators read it. */
export interface BlockSummary extends BlockFacts {
  readonly since: string | null
  readonly until: string | null
}

interface AllowFacts {
  /** `42`, `4000000000-4000000099`, `203.0.113.7` or `203.0.113.0/24`. */
  readonly target: string
  readonly kind: BlockKind | 'users'
  readonly reason: string | null
  readonly author: string | null
  /** It stands in `security.allowedIps`. */
  readonly isConfigured: boolean
}

/** The same as operators read it. */
export interface AllowSummary extends AllowFacts {
  readonly since: string | null
  readonly until: string | null
}

/** One entry of the allow-list. Times are wall time, in milliseconds since the epoch. */
export interface AllowView extends AllowFacts {
  /** Null for those of the configuration. */
  readonly since: number | null
  /** Null: until it is taken back. */
  readonly until: number | null
}

export interface SecurityStats {
  readonly mode: 'enforce' | 'monitor'
  /** Users whose budgets are being kept. */
  readonly totalUsers: number
  readonly blockedUsers: number
  /** Users with suspicion or violations above 0. */
  readonly suspiciousUsers: number
  /** Blocks of addresses and ranges, those of the configuration included. */
  readonly blockedIps: number
  /** What was refused since the start, by rule; rules that never refused are left out. */
  readonly refusals: {readonly [rule: string]: number}
  /** What would have been refused in `enforce`, by rule. */
  readonly wouldRefuse: {readonly [rule: string]: number}
  /** Blocks that rules made since the start. */
  readonly ruleBlocks: number
  /** Blocks that rules would have made in `enforce`. */
  readonly wouldBlock: number
  readonly allowed: number
  readonly trackedAddresses: number
  /** Users and addresses with violations or suspicion that had to make room for others. */
  readonly evictedSuspects: number
  /** Blocks and liftings that are in force and not on the disk yet. */
  readonly unsaved: number
}

/** One rule with its mode and counts. */
export interface RuleView {
  readonly name: string
  readonly mode: RuleMode
  /** Code of the `error` that its refusals carry, or reason of the close. */
  readonly code: string
  readonly description: string
  readonly refused: number
  readonly wouldRefuse: number
}

/** Why a user is where they are. Times are ISO 8601 in UTC. */
export interface UserSecurity {
  readonly userId: number
  readonly isConnected: boolean
  /** Null when not connected and not tracked. */
  readonly address: string | null
  /** The entry of the allow-list that exempts the user. */
  readonly allowedBy: string | null
  readonly block: BlockSummary | null
  /** Of the address the user came from, where it is blocked. */
  readonly addressBlock: BlockSummary | null
  readonly suspicion: number
  readonly suspicionLimit: number
  readonly violations: number
  readonly violationLimit: number
  /** Messages of the last minute that count, and how many may. */
  readonly messagesInMinute: number
  readonly messageLimit: number
  readonly admitted: number
  readonly refused: number
  /** The last refusals, oldest first; at most 10. Those in one second by one rule are one, with a count. */
  readonly refusals: readonly {readonly rule: string; readonly at: string; readonly count: number}[]
  /** When rules blocked this user within the last 7 days. */
  readonly ladder: readonly string[]
  /** How long the next block by a rule will be, in milliseconds: by violations, by suspicion. */
  readonly nextBlockMs: {readonly violations: number; readonly suspicion: number}
  /** Sentences that say what would refuse or block next. */
  readonly next: readonly string[]
}

/** What became of one target. */
export interface TargetResult {
  readonly target: string
  readonly outcome:
    | 'blocked'
    | 'already_blocked'
    | 'lifted'
    | 'still_covered'
    | 'not_blocked'
    | 'not_found'
    | 'configured'
    | 'allowed'
    | 'already_allowed'
    | 'disallowed'
    | 'not_allowed'
    | 'refused'
  /** A sentence without a full stop. */
  readonly message: string
  /** False: done, and not on the disk yet. */
  readonly durable: boolean
  /** Connections that ended by it. */
  readonly disconnected: number
}

/** Which blocks are meant; those that match all that is given. */
export interface BlockFilter {
  readonly user?: number | undefined
  /** Blocks that cover this address. */
  readonly ip?: string | undefined
  /** Blocks within this range. */
  readonly cidr?: string | undefined
  readonly rule?: string | undefined
  /** Blocks made at this time or later; wall time, in milliseconds since the epoch. */
  readonly since?: number | undefined
}

export interface BlockRequest {
  readonly targets: readonly SecurityTarget[]
  /** Left out: until it is lifted. 1 000 to 100 years. */
  readonly forMs?: number | undefined
  readonly reason?: string | undefined
  /** Who does it, for the audit. Default `api`. */
  readonly actor?: string | undefined
  /** Also what is very wide, loopback, or on the allow-list. */
  readonly force?: boolean | undefined
}

export interface UnblockRequest {
  readonly targets?: readonly SecurityTarget[] | undefined
  /** Instead of targets: all that match; an empty filter is all there are. */
  readonly filter?: BlockFilter | undefined
  readonly actor?: string | undefined
}

export interface AllowRequest {
  readonly targets: readonly SecurityTarget[]
  /** Left out: until it is taken back. */
  readonly forMs?: number | undefined
  readonly reason?: string | undefined
  readonly actor?: string | undefined
}

/** A block as `export` writes it and `import` takes it. Times are ISO 8601 in UTC. */
export interface PortableBlock {
  readonly target: SecurityTarget
  readonly rule: string | null
  readonly reason: string | null
  readonly author: string | null
  readonly since: string
  readonly until: string | null
}

/** What an operator did. */
export interface AuditEntry {
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly target: string | null
  readonly details: {readonly [name: string]: unknown}
}

/** `POST /v1/security/…`: what became of each target. */
export interface TargetResults {
  readonly results: readonly TargetResult[]
}

/** `GET /v1/security/blocks` */
export interface BlockListing {
  readonly items: readonly BlockSummary[]
  /** How many there are, shown or not. */
  readonly total: number
  /** False: the plugin is disabled, and nothing enforces these. */
  readonly isEnforced: boolean
}

/** The part of the plugin that works on stored blocks alone, also while the plugin is disabled. */
export interface BlockDesk {
  /** In force, newest first. */
  blocks(filter?: BlockFilter): BlockView[]
  /**
   * Lifts blocks; each target is tried. Resolves when that is on the disk, or when it turned out that it cannot be.
   *
   * @throws {GsError} usage for a target that is none.
   */
  unblock(request: UnblockRequest): Promise<TargetResult[]>
  /** The last operators' actions, newest first; at most `limit` (default 20). */
  audit(limit?: number): Promise<AuditEntry[]>
}

/** What the security plugin provides. */
export interface SecurityApi extends BlockDesk {
  stats(): SecurityStats
  rules(): RuleView[]
  /** Undefined for a user who is not connected, tracked or recorded. */
  show(userId: number): Promise<UserSecurity | undefined>
  /**
   * Blocks; each target is tried, and those who are connected are closed with `blocked`. Resolves when that is on the
   * disk, or when it turned out that it cannot be.
   *
   * @throws {GsError} usage for a target that is none, or a time out of range.
   */
  block(request: BlockRequest): Promise<TargetResult[]>
  /** Exempts users from user rules and addresses from address rules, and lifts their blocks. */
  allow(request: AllowRequest): Promise<TargetResult[]>
  disallow(request: {
    readonly targets: readonly SecurityTarget[]
    readonly actor?: string | undefined
  }): Promise<TargetResult[]>
  /** In force, newest first. */
  allowed(): AllowView[]
  /** Takes over blocks; those that have ended are left out. */
  importBlocks(blocks: readonly PortableBlock[], actor?: string): Promise<TargetResult[]>
}
