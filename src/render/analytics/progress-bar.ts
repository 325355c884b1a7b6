const BAR_COLUMNS = 30

/** How much is done, of 1, as a bar and in percent. */
export function progressBar(ratio: number): string {
  const filled = Math.round(Math.min(1, ratio) * BAR_COLUMNS)
  const share = String(Math.floor(Math.min(1, ratio) * 100)).padStart(3)
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_COLUMNS - filled)}] ${share} %`
}
