import type {Statement} from '../../contract/store.js'
import {HourSums} from './hour-sums.js'
import {NumberTable} from './number-table.js'
import * as sql from './rollup-sql.js'
import {dayOf, hourOfDay, hourStart, monthOf, splitByDay} from './utc.js'

/** A session as it goes to the store; `endedMs` null: it is open. */
export interface SessionRow {
  readonly sessionId: string
  readonly userId: number
  readonly startedMs: number
  readonly endedMs: number | null
  readonly reason: string | null
}

/** What became of a user's visits to a room. */
interface Visit {
  readonly roomId: number
  /** Null: the user is not there. */
  joinedMs: number | null
  joins: number
  /** Of the last join. */
  day: number
  /** Of the same user, to another room. A list, as most have one, and a map takes many times what is in it. */
  next: Visit | null
}

/** Of connected users, one value is kept for each. */
const SLOT_MS = 300_000

/**
 * All sums that are not stored yet, and what is open. Never dropped: what the store did not take is absorbed by what comes
 * after it. Bounded by users and rooms for each hour that the store takes nothing.
 */
export class Rollups {
  readonly #hours = new Map<number, HourSums>()
  readonly #sessions = new Map<string, SessionRow>()
  /** By user; the newest room first. */
  readonly #visits = new Map<number, Visit>()
  /** Hour, room, user. */
  readonly #present = new NumberTable(3)
  /** By user and day. */
  readonly #playtime = new Map<string, [day: number, userId: number, durationMs: number]>()
  readonly #online = new Map<number, {peakUsers: number; userMs: number}>()
  #lastHour = new HourSums(-1)

  /** Rows that it will be, roughly. */
  get weight(): number {
    let weight = this.#present.count + this.#sessions.size + this.#visits.size
    for (const {users, rooms} of this.#hours.values()) weight += 3 * users.size + 3 * rooms.size
    return weight
  }

  get isEmpty(): boolean {
    return this.#hours.size + this.#sessions.size + this.#visits.size + this.#online.size + this.#present.count === 0
  }

  hour(atMs: number): HourSums {
    const hourMs = hourStart(atMs)
    if (this.#lastHour.hourMs === hourMs) return this.#lastHour
    let sums = this.#hours.get(hourMs)
    if (sums === undefined) {
      sums = new HourSums(hourMs)
      this.#hours.set(hourMs, sums)
    }
    this.#lastHour = sums
    return sums
  }

  noteSession(session: SessionRow): void {
    this.#sessions.set(session.sessionId, session)
    if (session.endedMs !== null) this.#addPlaytime(session.userId, session.startedMs, session.endedMs)
  }

  /** Where somebody is since when; null: no more. */
  noteVisit(userId: number, roomId: number, joinedMs: number | null): void {
    this.#visit(userId, roomId).joinedMs = joinedMs
  }

  /** The same, and counts it. */
  beginVisit(userId: number, roomId: number, joinedMs: number): void {
    const visit = this.#visit(userId, roomId)
    visit.joinedMs = joinedMs
    visit.joins += 1
    visit.day = dayOf(joinedMs)
  }

  /** A user was not seen in this room and hour before. */
  notePresent(hourMs: number, roomId: number, userId: number): void {
    this.#present.add([hourMs, roomId, userId])
    this.hour(hourMs).room(roomId, hourMs).presentUsers += 1
  }

  /** So many users at this time, and for so long before it. */
  noteOnline(atMs: number, users: number, durationMs: number): void {
    const slotMs = atMs - (atMs % SLOT_MS)
    const slot = this.#online.get(slotMs) ?? {peakUsers: 0, userMs: 0}
    slot.peakUsers = Math.max(slot.peakUsers, users)
    slot.userMs += Math.round(users * durationMs)
    this.#online.set(slotMs, slot)
  }

  /** Goes before what is here. */
  absorbEarlier(earlier: Rollups): void {
    for (const [hourMs, sums] of earlier.#hours) this.hour(hourMs).absorb(sums)
    for (const [key, session] of earlier.#sessions) if (!this.#sessions.has(key)) this.#sessions.set(key, session)
    for (const [userId, {roomId, joinedMs, joins, day}] of earlier.#eachVisit()) {
      const isKnown = this.#findVisit(userId, roomId) !== null
      const visit = this.#visit(userId, roomId)
      if (!isKnown) visit.joinedMs = joinedMs
      visit.joins += joins
      visit.day = Math.max(visit.day, day)
    }
    this.#present.append(earlier.#present)
    for (const [day, userId, durationMs] of earlier.#playtime.values()) this.#addDayPlaytime(day, userId, durationMs)
    for (const [slotMs, {peakUsers, userMs}] of earlier.#online) {
      this.noteOnline(slotMs, peakUsers, 0)
      const slot = this.#online.get(slotMs)
      if (slot !== undefined) slot.userMs += userMs
    }
  }

  /** Leaves nothing of a user behind but what is part of sums over rooms and hours. */
  forget(userId: number): void {
    for (const {users} of this.#hours.values()) users.delete(userId)
    for (const [key, session] of this.#sessions) if (session.userId === userId) this.#sessions.delete(key)
    this.#visits.delete(userId)
    for (const [key, [, player]] of this.#playtime) if (player === userId) this.#playtime.delete(key)
    this.#present.remove(2, userId)
  }

  /** As statements, each for all its rows: as numbers those of which there are many, else as JSON. */
  statements(): Statement[] {
    const rows = this.#rows()
    return [
      ...when(rows.sessions, sql.UPSERT_SESSIONS),
      ...whenAny(rows.openVisits, sql.UPSERT_VISITS),
      ...whenAny(rows.endedVisits, sql.DELETE_VISITS),
      ...whenAny(rows.users, sql.UPSERT_USERS),
      ...when(rows.playtime, sql.ADD_PLAYTIME, sql.UPSERT_DAY_PLAYTIME, sql.UPSERT_MONTH_PLAYTIME),
      ...whenAny(rows.userDays, sql.UPSERT_USER_DAYS, sql.UPSERT_USER_MONTHS),
      ...whenAny(rows.userHours, sql.UPSERT_USER_HOURS),
      ...whenAny(rows.userRooms, sql.UPSERT_USER_ROOMS),
      ...when(rows.rooms, sql.UPSERT_ROOMS),
      ...when(rows.roomDays, sql.UPSERT_ROOM_DAYS, sql.UPSERT_ROOM_MONTHS),
      ...when(rows.roomHours, sql.UPSERT_ROOM_HOURS),
      ...whenAny(this.#present, sql.INSERT_PRESENT),
      ...when(rows.hours, sql.UPSERT_HOURS),
      ...when(rows.online, sql.UPSERT_ONLINE),
    ]
  }

  #rows() {
    const rows = {
      sessions: [...this.#sessions.values()].map(row => [
        row.userId,
        row.startedMs,
        row.sessionId,
        row.endedMs,
        row.reason,
      ]),
      openVisits: new NumberTable(3),
      endedVisits: new NumberTable(2),
      userRooms: new NumberTable(4),
      playtime: [...this.#playtime.values()].map(row => [...row, monthOf(row[0])]),
      users: new NumberTable(8),
      userDays: new NumberTable(7),
      userHours: new NumberTable(3),
      rooms: [] as unknown[],
      roomDays: [] as unknown[],
      roomHours: [] as unknown[],
      hours: [] as unknown[],
      online: [...this.#online].map(([slotMs, {peakUsers, userMs}]) => [slotMs, peakUsers, userMs]),
    }
    for (const [userId, {roomId, joinedMs, joins, day}] of this.#eachVisit()) {
      if (joinedMs === null) rows.endedVisits.add([userId, roomId])
      else rows.openVisits.add([userId, roomId, joinedMs])
      if (joins > 0) rows.userRooms.add([userId, roomId, joins, day])
    }
    // In the order of time: a user's first hour comes first.
    for (const [hourMs, sums] of [...this.#hours].sort(([one], [other]) => one - other)) {
      const day = dayOf(hourMs)
      const month = monthOf(day)
      for (const user of sums.users.values()) {
        const {userId, sessions, messages, gamesPlayed, gamesWon} = user
        const {firstSeenMs, lastSeenMs, lastActiveMs} = user
        const counts = [sessions, messages, gamesPlayed, gamesWon]
        rows.users.add([userId, firstSeenMs, lastSeenMs, lastActiveMs, ...counts])
        rows.userDays.add([month, day, userId, ...counts])
        if (sessions + messages > 0) rows.userHours.add([userId, hourOfDay(hourMs), sessions + messages])
      }
      for (const room of sums.rooms.values()) {
        const {roomId, presentUsers, firstSeenMs, lastSeenMs} = room
        if (presentUsers > 0) rows.roomHours.push([roomId, hourMs, presentUsers])
        if (roomId === 0) continue
        const {visits, endedVisits, visitMs, peakUsers, messages, gamesPlayed} = room
        const counts = [visits, endedVisits, visitMs, peakUsers, messages, gamesPlayed]
        rows.rooms.push([roomId, firstSeenMs, lastSeenMs, ...counts])
        rows.roomDays.push([day, roomId, ...counts, month])
      }
      for (const [type, events] of sums.types) rows.hours.push([hourMs, type, events])
    }
    return rows
  }

  *#eachVisit(): Generator<[userId: number, visit: Visit]> {
    for (const [userId, first] of this.#visits) {
      for (let visit: Visit | null = first; visit !== null; visit = visit.next) yield [userId, visit]
    }
  }

  #findVisit(userId: number, roomId: number): Visit | null {
    let visit = this.#visits.get(userId) ?? null
    while (visit !== null && visit.roomId !== roomId) visit = visit.next
    return visit
  }

  #visit(userId: number, roomId: number): Visit {
    const known = this.#findVisit(userId, roomId)
    if (known !== null) return known
    const visit: Visit = {roomId, joinedMs: null, joins: 0, day: 0, next: this.#visits.get(userId) ?? null}
    this.#visits.set(userId, visit)
    return visit
  }

  #addPlaytime(userId: number, startedMs: number, endedMs: number): void {
    for (const {day, durationMs} of splitByDay(startedMs, endedMs)) this.#addDayPlaytime(day, userId, durationMs)
  }

  #addDayPlaytime(day: number, userId: number, durationMs: number): void {
    const key = `${day}:${userId}`
    const [, , before = 0] = this.#playtime.get(key) ?? []
    this.#playtime.set(key, [day, userId, before + Math.round(durationMs)])
  }
}

/** Statements for the same rows, if there are any. */
function when(rows: readonly unknown[], ...texts: readonly string[]): Statement[] {
  if (rows.length === 0) return []
  const params = [JSON.stringify(rows)]
  return texts.map(text => ({sql: text, params}))
}

/** The same for rows of numbers. */
function whenAny(table: NumberTable, ...texts: readonly string[]): Statement[] {
  if (table.count === 0) return []
  const numbers = table.toNumbers()
  return texts.map(text => ({sql: text, numbers}))
}
