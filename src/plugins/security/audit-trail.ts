import type {AuditEntry} from '../../contract/security.js'
import type {Statement, Store} from '../../contract/store.js'
import {isoTime} from '../../util/iso-time.js'

const PREFIX = 'security.'
const DEFAULT_LIMIT = 20

export interface AuditNote {
  readonly atMs: number
  readonly actor: string
  /** Without the prefix, as in `block`. */
  readonly action: string
  readonly target: string | null
  readonly details: object
}

/** The row that says what an operator did. */
export function auditRow({atMs, actor, action, target, details}: AuditNote): Statement {
  return {
    sql: 'INSERT INTO audit (at_ms, actor, action, target, details) VALUES (?, ?, ?, ?, ?)',
    params: [atMs, actor, PREFIX + action, target, JSON.stringify(details)],
  }
}

/** The last rows, newest first. */
export async function readAudit(store: Store, limit = DEFAULT_LIMIT): Promise<AuditEntry[]> {
  const sql = 'SELECT * FROM audit WHERE action LIKE ? ORDER BY id DESC LIMIT ?'
  const rows = await store.query(sql, [`${PREFIX}%`, limit])
  return rows.map(({at_ms, actor, action, target, details}) => ({
    at: isoTime(at_ms as number),
    actor: actor as string,
    action: (action as string).slice(PREFIX.length),
    target: target as string | null,
    details: JSON.parse(details as string),
  }))
}
