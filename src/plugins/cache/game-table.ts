import type {JsonValue} from '../../contract/messages.js'
import type {Statement, Store} from '../../contract/store.js'
import type {KeptGame} from './kept-game.js'

const STEPS = [
  `CREATE TABLE cache_games (
     room_id INTEGER PRIMARY KEY,
     game TEXT NOT NULL,
     seats TEXT NOT NULL,
     saved TEXT NOT NULL,
     closed_at_ms INTEGER
   ) STRICT;
   CREATE TABLE cache_alive (id INTEGER PRIMARY KEY CHECK (id = 1), at_ms INTEGER NOT NULL) STRICT;`,
]

const UPSERT = `INSERT INTO cache_games (room_id, game, seats, saved, closed_at_ms) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (room_id) DO UPDATE SET game = excluded.game, seats = excluded.seats, saved = excluded.saved,
    closed_at_ms = excluded.closed_at_ms`

/** What is written about games at one time. */
export interface GameBatch {
  readonly changed: readonly {readonly game: KeptGame; readonly savedJson: string}[]
  readonly closed: readonly {readonly roomId: number; readonly closedAtMs: number | null}[]
  readonly removed: readonly number[]
  /** Those that were closed before this wall time go. */
  readonly expiredBeforeMs: number
  /** Wall time, in milliseconds since the epoch. */
  readonly nowMs: number
}

/** The games in the data store. */
export class GameTable {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /**
   * All games, without their states. Those of a server that ended without notice count as closed when it last wrote.
   *
   * @throws {GsError} store_unavailable, store_newer.
   */
  async load(maxGames: number, nowMs: number): Promise<KeptGame[]> {
    await this.#store.migrate('cache', STEPS)
    await this.#store.write([
      {
        sql: `UPDATE cache_games SET closed_at_ms = coalesce((SELECT at_ms FROM cache_alive), ?)
          WHERE closed_at_ms IS NULL`,
        params: [nowMs],
      },
      {
        sql: `DELETE FROM cache_games WHERE room_id NOT IN
          (SELECT room_id FROM cache_games ORDER BY closed_at_ms DESC LIMIT ?)`,
        params: [maxGames],
      },
    ])
    const rows = await this.#store.query<{room_id: number; game: string; seats: string; closed_at_ms: number}>(
      'SELECT room_id, game, seats, closed_at_ms FROM cache_games ORDER BY closed_at_ms',
      [],
      {maxRows: maxGames},
    )
    return rows.flatMap(({room_id: roomId, game, seats, closed_at_ms: closedAtMs}) => {
      const parsed = parseSeats(seats)
      return parsed === undefined ? [] : [{roomId, game, seats: parsed, closedAtMs}]
    })
  }

  /**
   * The saved game of a room; undefined when there is none.
   *
   * @throws SyntaxError when it is no JSON; {GsError} store_unavailable.
   */
  async read(roomId: number): Promise<JsonValue | undefined> {
    const sql = 'SELECT saved FROM cache_games WHERE room_id = ?'
    const [row] = await this.#store.query<{saved: string}>(sql, [roomId])
    return row === undefined ? undefined : JSON.parse(row.saved)
  }

  /** @throws {GsError} store_unavailable: nothing of it is written then. */
  async write({changed, closed, removed, expiredBeforeMs, nowMs}: GameBatch): Promise<void> {
    const statements: Statement[] = [
      {
        sql: UPSERT,
        rows: changed.map(({game: {roomId, game, seats, closedAtMs}, savedJson}) => [
          roomId,
          game,
          JSON.stringify(seats),
          savedJson,
          closedAtMs,
        ]),
      },
      {
        sql: 'UPDATE cache_games SET closed_at_ms = ? WHERE room_id = ?',
        rows: closed.map(({roomId, closedAtMs}) => [closedAtMs, roomId]),
      },
      {sql: 'DELETE FROM cache_games WHERE room_id = ?', rows: removed.map(roomId => [roomId])},
      {sql: 'DELETE FROM cache_games WHERE closed_at_ms < ?', params: [expiredBeforeMs]},
      {
        sql: 'INSERT INTO cache_alive (id, at_ms) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms',
        params: [nowMs],
      },
    ]
    await this.#store.write(statements.filter(({rows}) => rows === undefined || rows.length > 0))
  }
}

/** Undefined when somebody changed the file by hand, and it makes no sense. */
function parseSeats(text: string): KeptGame['seats'] | undefined {
  try {
    const seats: unknown = JSON.parse(text)
    const isList = Array.isArray(seats) && seats.every(pair => Array.isArray(pair) && pair.every(Number.isInteger))
    return isList ? (seats as [number, number][]) : undefined
  } catch {
    // Such a row is left alone; its time to live ends it.
    return undefined
  }
}
