/** Columns of the views that are text; all others are whole numbers. */
const TEXT: ReadonlySet<string> = new Set([
  'data',
  'date',
  'ended',
  'first_seen',
  'last_active',
  'last_date',
  'last_seen',
  'minute',
  'reason',
  'session_id',
  'slot',
  'started',
  'timestamp',
  'type',
])

/** Views in which `hour` is a time; in others it is a number from 0 to 23. */
const WITH_HOURS_AS_TIMES: ReadonlySet<string> = new Set(['v_hours', 'v_room_hours'])

/** What a column of a view holds, where it is not null. */
export function kindOfColumn(view: string, column: string): 'text' | 'integer' {
  if (column === 'hour') return WITH_HOURS_AS_TIMES.has(view) ? 'text' : 'integer'
  return TEXT.has(column) ? 'text' : 'integer'
}
