/** Part of a step, so it never changes either. */
const MONTH_OF_DAY = `
  (CAST(strftime('%Y', day * 86400, 'unixepoch') AS INTEGER) - 1970) * 12 +
  CAST(strftime('%m', day * 86400, 'unixepoch') AS INTEGER) - 1`
const DATE_OF_MONTH = "printf('%04d-%02d-01', 1970 + month / 12, month % 12 + 1)"

/**
 * The tables of the plugin, and views of them for those who write SQL. Each step is run once on every file and never
 * changed later. Days and months count from the epoch, hours and minutes are the milliseconds of their beginning, all in UTC.
 */
export const ANALYTICS_STEPS: readonly string[] = [
  `
  -- One row a run of the server. The checkpoint moves with each batch; what was open in a run that was cut short is taken
  -- to have ended there.
  CREATE TABLE analytics_runs (
    run_id INTEGER PRIMARY KEY,
    started_ms INTEGER NOT NULL,
    checkpoint_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    is_interrupted INTEGER NOT NULL DEFAULT 0,
    events_stored INTEGER NOT NULL DEFAULT 0,
    events_dropped INTEGER NOT NULL DEFAULT 0,
    events_lost INTEGER
  ) STRICT;

  CREATE TABLE analytics_events (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    type TEXT NOT NULL,
    user_id INTEGER,
    room_id INTEGER,
    data TEXT
  ) STRICT;
  CREATE INDEX analytics_events_at ON analytics_events (at_ms);

  -- Accepted messages; room 0 is none.
  CREATE TABLE analytics_message_counts (
    minute_ms INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    messages INTEGER NOT NULL,
    PRIMARY KEY (minute_ms, user_id, room_id, type)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE analytics_sessions (
    user_id INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    ended_ms INTEGER,
    reason TEXT,
    PRIMARY KEY (user_id, started_ms, session_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX analytics_sessions_started ON analytics_sessions (started_ms);
  CREATE INDEX analytics_sessions_open ON analytics_sessions (user_id) WHERE ended_ms IS NULL;

  -- Who is in which room now.
  CREATE TABLE analytics_visits (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    joined_ms INTEGER NOT NULL,
    PRIMARY KEY (user_id, room_id)
  ) STRICT, WITHOUT ROWID;

  -- Of ended sessions; those that are open are added by whoever reads. Bits of returned: 1, 2 and 4 for the first, the
  -- seventh and the thirtieth day after the first one.
  CREATE TABLE analytics_users (
    user_id INTEGER PRIMARY KEY,
    first_seen_ms INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL,
    last_active_ms INTEGER,
    sessions INTEGER NOT NULL DEFAULT 0,
    playtime_ms INTEGER NOT NULL DEFAULT 0,
    messages INTEGER NOT NULL DEFAULT 0,
    games_played INTEGER NOT NULL DEFAULT 0,
    games_won INTEGER NOT NULL DEFAULT 0,
    returned INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX analytics_users_first_seen ON analytics_users (first_seen_ms);

  CREATE TABLE analytics_user_days (
    day INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    sessions INTEGER NOT NULL DEFAULT 0,
    playtime_ms INTEGER NOT NULL DEFAULT 0,
    messages INTEGER NOT NULL DEFAULT 0,
    games_played INTEGER NOT NULL DEFAULT 0,
    games_won INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, user_id)
  ) STRICT, WITHOUT ROWID;

  -- Accepted messages and connects in each hour of the day, 0 to 23.
  CREATE TABLE analytics_user_hours (
    user_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    activity INTEGER NOT NULL,
    PRIMARY KEY (user_id, hour)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE analytics_user_rooms (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    visits INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    PRIMARY KEY (user_id, room_id)
  ) STRICT, WITHOUT ROWID;

  -- visits: joins; ended_visits and visit_ms: of those that have ended.
  CREATE TABLE analytics_rooms (
    room_id INTEGER PRIMARY KEY,
    first_seen_ms INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL,
    visits INTEGER NOT NULL DEFAULT 0,
    ended_visits INTEGER NOT NULL DEFAULT 0,
    visit_ms INTEGER NOT NULL DEFAULT 0,
    peak_users INTEGER NOT NULL DEFAULT 0,
    messages INTEGER NOT NULL DEFAULT 0,
    games_played INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE analytics_room_days (
    day INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    visits INTEGER NOT NULL DEFAULT 0,
    ended_visits INTEGER NOT NULL DEFAULT 0,
    visit_ms INTEGER NOT NULL DEFAULT 0,
    peak_users INTEGER NOT NULL DEFAULT 0,
    messages INTEGER NOT NULL DEFAULT 0,
    games_played INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, room_id)
  ) STRICT, WITHOUT ROWID;

  -- Distinct users that were in a room at any time of the hour; room 0 is the whole server.
  CREATE TABLE analytics_room_hours (
    room_id INTEGER NOT NULL,
    hour_ms INTEGER NOT NULL,
    users INTEGER NOT NULL,
    PRIMARY KEY (room_id, hour_ms)
  ) STRICT, WITHOUT ROWID;

  -- Who they were, of the hour that is being counted.
  CREATE TABLE analytics_present (
    hour_ms INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (hour_ms, room_id, user_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE analytics_hours (
    hour_ms INTEGER NOT NULL,
    type TEXT NOT NULL,
    events INTEGER NOT NULL,
    PRIMARY KEY (hour_ms, type)
  ) STRICT, WITHOUT ROWID;

  -- Connected users in every five minutes: the most at one time, and how long all of them together were there.
  CREATE TABLE analytics_online (
    slot_ms INTEGER PRIMARY KEY,
    peak_users INTEGER NOT NULL,
    user_ms INTEGER NOT NULL
  ) STRICT;

  CREATE VIEW v_events AS
    SELECT id, strftime('%Y-%m-%dT%H:%M:%fZ', at_ms / 1000.0, 'unixepoch') AS timestamp, at_ms, type, user_id, room_id, data
    FROM analytics_events;
  CREATE VIEW v_message_counts AS
    SELECT strftime('%Y-%m-%dT%H:%M:00Z', minute_ms / 1000, 'unixepoch') AS minute, minute_ms, user_id,
      nullif(room_id, 0) AS room_id, type, messages
    FROM analytics_message_counts;
  CREATE VIEW v_sessions AS
    SELECT user_id, session_id, strftime('%Y-%m-%dT%H:%M:%fZ', started_ms / 1000.0, 'unixepoch') AS started,
      strftime('%Y-%m-%dT%H:%M:%fZ', ended_ms / 1000.0, 'unixepoch') AS ended, started_ms, ended_ms,
      ended_ms - started_ms AS duration_ms, reason, reason IS 'interrupted' AS is_interrupted
    FROM analytics_sessions;
  CREATE VIEW v_users AS
    SELECT user_id, strftime('%Y-%m-%dT%H:%M:%fZ', first_seen_ms / 1000.0, 'unixepoch') AS first_seen,
      strftime('%Y-%m-%dT%H:%M:%fZ', last_active_ms / 1000.0, 'unixepoch') AS last_active, first_seen_ms, last_active_ms,
      sessions, playtime_ms, messages, games_played, games_won, returned & 1 = 1 AS returned_day_1,
      returned & 2 = 2 AS returned_day_7, returned & 4 = 4 AS returned_day_30
    FROM analytics_users;
  CREATE VIEW v_user_days AS
    SELECT date(day * 86400, 'unixepoch') AS date, day, user_id, sessions, playtime_ms, messages, games_played, games_won
    FROM analytics_user_days;
  CREATE VIEW v_user_rooms AS
    SELECT user_id, room_id, visits, date(last_day * 86400, 'unixepoch') AS last_date FROM analytics_user_rooms;
  CREATE VIEW v_user_hours AS
    SELECT user_id, hour, activity FROM analytics_user_hours;
  CREATE VIEW v_rooms AS
    SELECT room_id, strftime('%Y-%m-%dT%H:%M:%fZ', first_seen_ms / 1000.0, 'unixepoch') AS first_seen,
      strftime('%Y-%m-%dT%H:%M:%fZ', last_seen_ms / 1000.0, 'unixepoch') AS last_seen, first_seen_ms, last_seen_ms,
      visits, ended_visits, visit_ms, peak_users, messages, games_played
    FROM analytics_rooms;
  CREATE VIEW v_room_days AS
    SELECT date(day * 86400, 'unixepoch') AS date, day, room_id, visits, ended_visits, visit_ms, peak_users, messages,
      games_played
    FROM analytics_room_days;
  CREATE VIEW v_room_hours AS
    SELECT room_id, strftime('%Y-%m-%dT%H:00:00Z', hour_ms / 1000, 'unixepoch') AS hour, hour_ms, users
    FROM analytics_room_hours WHERE room_id > 0;
  CREATE VIEW v_hours AS
    SELECT strftime('%Y-%m-%dT%H:00:00Z', hour_ms / 1000, 'unixepoch') AS hour, hour_ms, type, events FROM analytics_hours;
  CREATE VIEW v_weekday_hours AS
    SELECT (hour_ms / 86400000 + 3) % 7 AS weekday, hour_ms / 3600000 % 24 AS hour, sum(users) AS users, count(*) AS days
    FROM analytics_room_hours WHERE room_id = 0 GROUP BY 1, 2;
  CREATE VIEW v_online AS
    SELECT strftime('%Y-%m-%dT%H:%M:00Z', slot_ms / 1000, 'unixepoch') AS slot, slot_ms, peak_users, user_ms
    FROM analytics_online;
  CREATE VIEW v_runs AS
    SELECT run_id, strftime('%Y-%m-%dT%H:%M:%fZ', started_ms / 1000.0, 'unixepoch') AS started,
      strftime('%Y-%m-%dT%H:%M:%fZ', ended_ms / 1000.0, 'unixepoch') AS ended, started_ms, checkpoint_ms, ended_ms,
      is_interrupted, events_stored, events_dropped, events_lost
    FROM analytics_runs;`,
  // For those that are deleted by their age.
  `
  CREATE INDEX IF NOT EXISTS analytics_room_hours_at ON analytics_room_hours (hour_ms);
  CREATE INDEX IF NOT EXISTS analytics_user_rooms_last ON analytics_user_rooms (last_day);`,
  // Sums of days, so that long periods are quick to ask: whole months of them are read from here.
  `
  CREATE TABLE analytics_user_months (
    month INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    sessions INTEGER NOT NULL DEFAULT 0,
    playtime_ms INTEGER NOT NULL DEFAULT 0,
    messages INTEGER NOT NULL DEFAULT 0,
    games_played INTEGER NOT NULL DEFAULT 0,
    games_won INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (month, user_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE analytics_room_months (
    month INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    visits INTEGER NOT NULL DEFAULT 0,
    ended_visits INTEGER NOT NULL DEFAULT 0,
    visit_ms INTEGER NOT NULL DEFAULT 0,
    peak_users INTEGER NOT NULL DEFAULT 0,
    messages INTEGER NOT NULL DEFAULT 0,
    games_played INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (month, room_id)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO analytics_user_months
    SELECT ${MONTH_OF_DAY} AS month, user_id, sum(sessions), sum(playtime_ms), sum(messages), sum(games_played),
      sum(games_won)
    FROM analytics_user_days GROUP BY 1, 2;
  INSERT INTO analytics_room_months
    SELECT ${MONTH_OF_DAY} AS month, room_id, sum(visits), sum(ended_visits), sum(visit_ms), max(peak_users),
      sum(messages), sum(games_played)
    FROM analytics_room_days GROUP BY 1, 2;

  CREATE VIEW v_user_months AS
    SELECT ${DATE_OF_MONTH} AS date, month, user_id, sessions, playtime_ms, messages, games_played, games_won
    FROM analytics_user_months;
  CREATE VIEW v_room_months AS
    SELECT ${DATE_OF_MONTH} AS date, month, room_id, visits, ended_visits, visit_ms, peak_users, messages, games_played
    FROM analytics_room_months;`,
  // How long sessions are is read from the index alone.
  `
  DROP INDEX IF EXISTS analytics_sessions_started;
  CREATE INDEX IF NOT EXISTS analytics_sessions_length ON analytics_sessions (started_ms, ended_ms);`,
]

/** The views, which are what others may rely on. */
export const ANALYTICS_VIEWS: readonly string[] = [
  'v_events',
  'v_message_counts',
  'v_sessions',
  'v_users',
  'v_user_days',
  'v_user_months',
  'v_user_rooms',
  'v_user_hours',
  'v_rooms',
  'v_room_days',
  'v_room_months',
  'v_room_hours',
  'v_hours',
  'v_weekday_hours',
  'v_online',
  'v_runs',
]
