import type {BlockEvidence, BlockKind} from '../../contract/security.js'
import type {Row, SqlValue, Statement, Store} from '../../contract/store.js'
import type {Block} from './block.js'
import {type BlockTarget, parseTargetText, type Target} from './target.js'

const OWNER = 'security'
/** What one query may bring at a start; more than the plugin ever stores. */
const MAX_ROWS = 4_000_000

const STEPS: readonly string[] = [
  `CREATE TABLE security_blocks (
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    rule TEXT,
    reason TEXT,
    author TEXT,
    evidence TEXT,
    since_ms INTEGER NOT NULL,
    until_ms INTEGER,
    PRIMARY KEY (kind, target)
  ) STRICT;
  CREATE TABLE security_ladder (
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX security_ladder_target ON security_ladder (kind, target);
  CREATE TABLE security_allowed (
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    reason TEXT,
    author TEXT,
    since_ms INTEGER NOT NULL,
    until_ms INTEGER,
    PRIMARY KEY (kind, target)
  ) STRICT;
  CREATE TABLE security_users (
    user_id INTEGER PRIMARY KEY,
    seen_ms INTEGER NOT NULL
  ) STRICT;`,
  `CREATE INDEX security_blocks_until ON security_blocks (until_ms);
  CREATE INDEX security_ladder_at ON security_ladder (at_ms);
  CREATE INDEX security_users_seen ON security_users (seen_ms);`,
]

/** An entry of the allow-list that was made while running. */
export interface Allowance {
  readonly target: Target
  readonly reason: string | null
  readonly author: string | null
  readonly isConfigured: boolean
  readonly sinceMs: number
  readonly untilMs: number | null
}

export interface LadderRow {
  readonly key: string
  readonly atMs: number
}

export function migrateSecurity(store: Store): Promise<void> {
  return store.migrate(OWNER, STEPS)
}

/** Kind and text tell targets apart: a user and an address are never written alike, but that need not be relied on. */
export function keyOf({kind, text}: Target): string {
  return `${kind} ${text}`
}

export async function readBlocks(store: Store, nowMs: number): Promise<Block[]> {
  const sql = 'SELECT * FROM security_blocks WHERE until_ms IS NULL OR until_ms > ?'
  return (await store.query(sql, [nowMs], {maxRows: MAX_ROWS})).map(toBlock)
}

export async function readAllowances(store: Store, nowMs: number): Promise<Allowance[]> {
  const sql = 'SELECT * FROM security_allowed WHERE until_ms IS NULL OR until_ms > ?'
  const rows = await store.query(sql, [nowMs], {maxRows: MAX_ROWS})
  return rows.map(row => ({
    target: targetOf(row),
    reason: row.reason as string | null,
    author: row.author as string | null,
    isConfigured: false,
    sinceMs: row.since_ms as number,
    untilMs: row.until_ms as number | null,
  }))
}

export async function readLadder(store: Store, sinceMs: number): Promise<LadderRow[]> {
  const sql = 'SELECT kind, target, at_ms FROM security_ladder WHERE at_ms > ? ORDER BY at_ms'
  const rows = await store.query(sql, [sinceMs], {maxRows: MAX_ROWS})
  return rows.map(({kind, target, at_ms}) => ({key: `${kind} ${target}`, atMs: at_ms as number}))
}

export async function isRecorded(store: Store, userId: number, sinceMs: number): Promise<boolean> {
  const sql = 'SELECT 1 FROM security_users WHERE user_id = ? AND seen_ms > ?'
  return (await store.query(sql, [userId, sinceMs])).length > 0
}

export function saveBlock({target, rule, reason, author, evidence, sinceMs, untilMs}: Block): Statement {
  const evidenceJson = evidence === null ? null : JSON.stringify(evidence)
  return {
    sql: 'INSERT OR REPLACE INTO security_blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    params: [...columns(target), rule, reason, author, evidenceJson, sinceMs, untilMs],
  }
}

export function deleteBlock(target: BlockTarget): Statement {
  return {sql: 'DELETE FROM security_blocks WHERE kind = ? AND target = ?', params: columns(target)}
}

export function saveStep(target: BlockTarget, atMs: number): Statement {
  return {sql: 'INSERT INTO security_ladder VALUES (?, ?, ?)', params: [...columns(target), atMs]}
}

export function deleteSteps(target: BlockTarget): Statement {
  return {sql: 'DELETE FROM security_ladder WHERE kind = ? AND target = ?', params: columns(target)}
}

export function saveAllowance({target, reason, author, sinceMs, untilMs}: Allowance): Statement {
  return {
    sql: 'INSERT OR REPLACE INTO security_allowed VALUES (?, ?, ?, ?, ?, ?)',
    params: [...columns(target), reason, author, sinceMs, untilMs],
  }
}

export function deleteAllowance(target: Target): Statement {
  return {sql: 'DELETE FROM security_allowed WHERE kind = ? AND target = ?', params: columns(target)}
}

export function saveSeen(userIds: readonly number[], nowMs: number): Statement {
  return {
    sql: 'INSERT INTO security_users VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET seen_ms = excluded.seen_ms',
    rows: userIds.map(userId => [userId, nowMs]),
  }
}

/** What is of no use to anybody any more. */
export function deleteEnded(nowMs: number, ladderSinceMs: number, seenSinceMs: number): Statement[] {
  return [
    {sql: 'DELETE FROM security_blocks WHERE until_ms <= ?', params: [nowMs]},
    {sql: 'DELETE FROM security_allowed WHERE until_ms <= ?', params: [nowMs]},
    {sql: 'DELETE FROM security_ladder WHERE at_ms <= ?', params: [ladderSinceMs]},
    {sql: 'DELETE FROM security_users WHERE seen_ms <= ?', params: [seenSinceMs]},
  ]
}

function columns({kind, text}: Target): [SqlValue, SqlValue] {
  return [kind, text]
}

function toBlock(row: Row): Block {
  return {
    target: targetOf(row) as BlockTarget,
    rule: row.rule as string | null,
    reason: row.reason as string | null,
    author: row.author as string | null,
    evidence: row.evidence === null ? null : (JSON.parse(row.evidence as string) as BlockEvidence),
    isConfigured: false,
    sinceMs: row.since_ms as number,
    untilMs: row.until_ms as number | null,
  }
}

function targetOf({kind, target}: Row): Target {
  return parseTargetText(kind as BlockKind | 'users', target as string)
}
