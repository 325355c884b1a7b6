/** Milliseconds since the epoch as people and `--json` read them. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

export function isoTimeOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : isoTime(timeMs)
}
