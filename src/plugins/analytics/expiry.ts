import type {Clock} from '../../contract/clock.js'
import type {Logger} from '../../contract/logger.js'
import type {Store} from '../../contract/store.js'
import {DAY_MS, dayOf, HOUR_MS, hourStart, monthOf} from './utc.js'

/** How long what is kept. */
export interface ExpiryLimits {
  readonly rawRetentionDays: number
  readonly rollupRetentionDays: number
  readonly maxBytes: number
}

/** Rows that one step deletes: few enough to hold up nobody. */
const ROWS_A_STEP = 2000
/** Pages that are given back to the disk after a step. */
const PAGES_A_STEP = 2000

interface Kind {
  readonly table: string
  /** What its rows are told apart by, and the column that tells their age. */
  readonly key: string
  readonly age: string
  /** The first age that stays. */
  readonly keptFrom: (nowMs: number, limits: ExpiryLimits) => number
  /** A table whose rows of the same key go along. */
  readonly dependent?: string
}

const raw = (nowMs: number, {rawRetentionDays}: ExpiryLimits) => nowMs - rawRetentionDays * DAY_MS
const rollup = (nowMs: number, {rollupRetentionDays}: ExpiryLimits) => nowMs - rollupRetentionDays * DAY_MS
const rollupDay = (nowMs: number, limits: ExpiryLimits) => dayOf(rollup(nowMs, limits))
/** A month stays as long as any day of it. */
const rollupMonth = (nowMs: number, limits: ExpiryLimits) => monthOf(rollupDay(nowMs, limits))

/** Those that `maxBytes` is for, too. */
const RAW_KINDS: readonly Kind[] = [
  {table: 'analytics_events', key: 'id', age: 'at_ms', keptFrom: raw},
  {table: 'analytics_message_counts', key: 'minute_ms, user_id, room_id, type', age: 'minute_ms', keptFrom: raw},
  {table: 'analytics_sessions', key: 'user_id, started_ms, session_id', age: 'started_ms', keptFrom: raw},
]

/** Looked at once an hour: where they are found by no index, all of them are read. */
const ROLLUP_KINDS: readonly Kind[] = [
  {
    table: 'analytics_present',
    key: 'hour_ms, room_id, user_id',
    age: 'hour_ms',
    keptFrom: nowMs => hourStart(nowMs) - HOUR_MS,
  },
  {table: 'analytics_hours', key: 'hour_ms, type', age: 'hour_ms', keptFrom: rollup},
  {table: 'analytics_room_hours', key: 'room_id, hour_ms', age: 'hour_ms', keptFrom: rollup},
  {table: 'analytics_online', key: 'slot_ms', age: 'slot_ms', keptFrom: rollup},
  {table: 'analytics_user_days', key: 'day, user_id', age: 'day', keptFrom: rollupDay},
  {table: 'analytics_room_days', key: 'day, room_id', age: 'day', keptFrom: rollupDay},
  {table: 'analytics_user_months', key: 'month, user_id', age: 'month', keptFrom: rollupMonth},
  {table: 'analytics_room_months', key: 'month, room_id', age: 'month', keptFrom: rollupMonth},
  {table: 'analytics_user_rooms', key: 'user_id, room_id', age: 'last_day', keptFrom: rollupDay},
  {
    table: 'analytics_users',
    key: 'user_id',
    age: 'last_seen_ms',
    keptFrom: rollup,
    dependent: 'analytics_user_hours',
  },
  {table: 'analytics_rooms', key: 'room_id', age: 'last_seen_ms', keptFrom: rollup},
]

/** Sessions that are open stay, however old. */
const STAYS: Readonly<Record<string, string>> = {analytics_sessions: 'AND ended_ms IS NOT NULL'}

const ROUNDS_AN_HOUR = 60

/** Deletes what is older than it may be, in steps with room between them for everybody else. */
export class Expiry {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: Logger
  readonly #limits: () => ExpiryLimits
  #running: Promise<void> | undefined
  #rounds = 0
  #hasEnded = false

  constructor({store, clock, log, limits}: {store: Store; clock: Clock; log: Logger; limits: () => ExpiryLimits}) {
    this.#store = store
    this.#clock = clock
    this.#log = log
    this.#limits = limits
  }

  /** A round, to be called once a minute, unless one is under way. Resolves when there is nothing more to delete. */
  run(): Promise<void> {
    this.#running ??= this.#runAll().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  close(): void {
    this.#hasEnded = true
  }

  async #runAll(): Promise<void> {
    let deleted = 0
    const kinds = this.#rounds % ROUNDS_AN_HOUR === 0 ? [...RAW_KINDS, ...ROLLUP_KINDS] : RAW_KINDS
    this.#rounds += 1
    for (const kind of kinds) deleted += await this.#expire(kind)
    const early = await this.#makeRoom()
    if (deleted + early > 0) this.#log.debug({deleted, early}, 'old analytics were deleted')
  }

  async #expire(kind: Kind): Promise<number> {
    const keptFrom = kind.keptFrom(this.#clock.nowMs(), this.#limits())
    let deleted = 0
    while (!this.#hasEnded) {
      const rows = await this.#step(kind, keptFrom)
      deleted += rows
      if (rows === 0) break
    }
    return deleted
  }

  /** Beyond `maxBytes` the oldest go, whatever kind they are. */
  async #makeRoom(): Promise<number> {
    let deleted = 0
    while (!this.#hasEnded && (await this.#usedBytes()) > this.#limits().maxBytes) {
      const oldest = await this.#oldestKind()
      const rows = oldest === undefined ? 0 : await this.#step(oldest, Number.MAX_SAFE_INTEGER)
      if (rows === 0) break
      deleted += rows
    }
    if (deleted > 0) this.#log.warn({deleted}, 'analytics.maxBytes is reached: the oldest events went early')
    return deleted
  }

  async #oldestKind(): Promise<Kind | undefined> {
    const ages = RAW_KINDS.map(
      ({table, age}) => `(SELECT min(${age}) FROM ${table} WHERE true ${STAYS[table] ?? ''}) AS ${table}`,
    )
    const [row] = await this.#store.query<Record<string, number | null>>(`SELECT ${ages.join(', ')}`)
    const found = RAW_KINDS.filter(({table}) => row?.[table] != null)
    return found.sort((one, other) => Number(row?.[one.table]) - Number(row?.[other.table]))[0]
  }

  /** Rows that were there to be deleted. */
  async #step({table, key, age, dependent}: Kind, keptFrom: number): Promise<number> {
    const stays = STAYS[table] ?? ''
    const found = `SELECT ${key} FROM ${table} WHERE ${age} < ? ${stays} ORDER BY ${age} LIMIT ${ROWS_A_STEP}`
    const [row] = await this.#store.query<{rows: number}>(`SELECT count(*) AS rows FROM (${found})`, [keptFrom])
    if (row === undefined || row.rows === 0) return 0
    const outcome = await this.#store.append([
      ...(dependent === undefined
        ? []
        : [{sql: `DELETE FROM ${dependent} WHERE (${key}) IN (${found})`, params: [keptFrom]}]),
      {sql: `DELETE FROM ${table} WHERE (${key}) IN (${found})`, params: [keptFrom]},
      {sql: `PRAGMA incremental_vacuum(${PAGES_A_STEP})`},
    ])
    return outcome === 'stored' ? row.rows : 0
  }

  /** Pages with anything in them, of the whole store. */
  async #usedBytes(): Promise<number> {
    const [row] = await this.#store.query<{bytes: number}>(
      `SELECT (page_count - freelist_count) * page_size AS bytes
       FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()`,
    )
    return row?.bytes ?? 0
  }
}
