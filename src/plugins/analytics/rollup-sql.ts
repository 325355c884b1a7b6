import {MESSAGE_KINDS} from './sent-message.js'

/**
 * How rows reach the tables. Most statements take one parameter: an array of rows, each an array, as JSON. Those of which
 * there are many take numbers. Sums are added to what is there.
 */

export const INSERT_EVENTS = `
  INSERT INTO analytics_events (id, at_ms, type, user_id, room_id, data)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?)`

const KINDS = [...MESSAGE_KINDS]

/** Numbers, see `MessageRows`. */
export const INSERT_MESSAGES = `
  INSERT INTO analytics_events (id, at_ms, type, user_id, room_id, data)
  VALUES (?1, ?2, 'message_sent', ?3, nullif(?4, 0),
    CASE ?5 ${KINDS.map(([, {code, data}]) => `WHEN ${code} THEN '${data}'`).join(' ')} END)`

/** Numbers. */
export const UPSERT_MESSAGE_COUNTS = `
  INSERT INTO analytics_message_counts (minute_ms, user_id, room_id, type, messages)
  VALUES (?1, ?2, ?3, CASE ?4 ${KINDS.map(([type, {code}]) => `WHEN ${code} THEN '${type}'`).join(' ')} END, ?5)
  ON CONFLICT DO UPDATE SET messages = messages + excluded.messages`

export const UPSERT_SESSIONS = `
  INSERT INTO analytics_sessions (user_id, started_ms, session_id, ended_ms, reason)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?) WHERE true
  ON CONFLICT DO UPDATE SET ended_ms = excluded.ended_ms, reason = excluded.reason`

/** Numbers. */
export const UPSERT_VISITS = `
  INSERT INTO analytics_visits (user_id, room_id, joined_ms)
  VALUES (?1, ?2, ?3)
  ON CONFLICT DO UPDATE SET joined_ms = excluded.joined_ms`

/** Numbers. */
export const DELETE_VISITS = 'DELETE FROM analytics_visits WHERE user_id = ?1 AND room_id = ?2'

const DAY = 86_400_000

/** Numbers, which are floating ones until they are stored; a last activity of 0 is none. */
export const UPSERT_USERS = `
  INSERT INTO analytics_users
    (user_id, first_seen_ms, last_seen_ms, last_active_ms, sessions, messages, games_played, games_won)
  VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?6, ?7, ?8)
  ON CONFLICT DO UPDATE SET
    last_seen_ms = max(last_seen_ms, excluded.last_seen_ms),
    last_active_ms = ifnull(max(last_active_ms, excluded.last_active_ms), ifnull(last_active_ms, excluded.last_active_ms)),
    sessions = sessions + excluded.sessions,
    messages = messages + excluded.messages,
    games_played = games_played + excluded.games_played,
    games_won = games_won + excluded.games_won,
    returned = returned | CASE CAST(excluded.last_seen_ms AS INTEGER) / ${DAY} - first_seen_ms / ${DAY}
      WHEN 1 THEN 1 WHEN 7 THEN 2 WHEN 30 THEN 4 ELSE 0 END`

/** Rows of a day, a user, a time and the month. The user is known: the session was noted with it or before. */
export const ADD_PLAYTIME = `
  UPDATE analytics_users SET playtime_ms = playtime_ms + added.duration_ms
  FROM (SELECT value ->> 1 AS user_id, sum(value ->> 2) AS duration_ms FROM json_each(?) GROUP BY 1) AS added
  WHERE analytics_users.user_id = added.user_id`

export const UPSERT_DAY_PLAYTIME = addPlaytime('analytics_user_days (day', 0)
export const UPSERT_MONTH_PLAYTIME = addPlaytime('analytics_user_months (month', 3)

export const UPSERT_USER_MONTHS = addUserSums('analytics_user_months (month', 1)
export const UPSERT_USER_DAYS = addUserSums('analytics_user_days (day', 2)

/** Numbers. */
export const UPSERT_USER_HOURS = `
  INSERT INTO analytics_user_hours (user_id, hour, activity)
  VALUES (?1, ?2, ?3)
  ON CONFLICT DO UPDATE SET activity = activity + excluded.activity`

/** Numbers. */
export const UPSERT_USER_ROOMS = `
  INSERT INTO analytics_user_rooms (user_id, room_id, visits, last_day)
  VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT DO UPDATE SET visits = visits + excluded.visits, last_day = max(last_day, excluded.last_day)`

const ROOM_SUMS = `
    visits = visits + excluded.visits,
    ended_visits = ended_visits + excluded.ended_visits,
    visit_ms = visit_ms + excluded.visit_ms,
    peak_users = max(peak_users, excluded.peak_users),
    messages = messages + excluded.messages,
    games_played = games_played + excluded.games_played`

export const UPSERT_ROOMS = `
  INSERT INTO analytics_rooms
    (room_id, first_seen_ms, last_seen_ms, visits, ended_visits, visit_ms, peak_users, messages, games_played)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
    value ->> 8
  FROM json_each(?) WHERE true
  ON CONFLICT DO UPDATE SET last_seen_ms = max(last_seen_ms, excluded.last_seen_ms), ${ROOM_SUMS}`

export const UPSERT_ROOM_DAYS = addRoomSums('analytics_room_days (day', 0)
export const UPSERT_ROOM_MONTHS = addRoomSums('analytics_room_months (month', 8)

export const UPSERT_ROOM_HOURS = `
  INSERT INTO analytics_room_hours (room_id, hour_ms, users)
  SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
  ON CONFLICT DO UPDATE SET users = users + excluded.users`

/** Numbers. */
export const INSERT_PRESENT = `
  INSERT OR IGNORE INTO analytics_present (hour_ms, room_id, user_id)
  VALUES (?1, ?2, ?3)`

export const UPSERT_HOURS = `
  INSERT INTO analytics_hours (hour_ms, type, events)
  SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
  ON CONFLICT DO UPDATE SET events = events + excluded.events`

export const UPSERT_ONLINE = `
  INSERT INTO analytics_online (slot_ms, peak_users, user_ms)
  SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
  ON CONFLICT DO UPDATE SET peak_users = max(peak_users, excluded.peak_users), user_ms = user_ms + excluded.user_ms`

/** Into a table, whose name and first column these are; `place` of that column's value in a row. */
function addPlaytime(table: string, place: number): string {
  return `
  INSERT INTO ${table}, user_id, playtime_ms)
  SELECT value ->> ${place}, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
  ON CONFLICT DO UPDATE SET playtime_ms = playtime_ms + excluded.playtime_ms`
}

/** Numbers: month, day, and the others. */
function addUserSums(table: string, place: 1 | 2): string {
  return `
  INSERT INTO ${table}, user_id, sessions, messages, games_played, games_won)
  VALUES (?${place}, ?3, ?4, ?5, ?6, ?7)
  ON CONFLICT DO UPDATE SET
    sessions = sessions + excluded.sessions,
    messages = messages + excluded.messages,
    games_played = games_played + excluded.games_played,
    games_won = games_won + excluded.games_won`
}

function addRoomSums(table: string, place: number): string {
  return `
  INSERT INTO ${table}, room_id, visits, ended_visits, visit_ms, peak_users, messages, games_played)
  SELECT value ->> ${place}, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
  FROM json_each(?) WHERE true
  ON CONFLICT DO UPDATE SET ${ROOM_SUMS}`
}
