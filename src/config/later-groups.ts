/** Keys that are planned, with what brings them. Taken out one by one as they start to work. */
const LATER = new Map([
  ['cache', 'the cache plugin'],
  ['security', 'the security plugin'],
  ['analytics', 'the analytics plugin'],
])

/** Why a top-level key does not work yet; undefined for any other key. */
export function laterGroupReason(key: string): string | undefined {
  const bringer = LATER.get(key)
  return bringer && `comes with ${bringer}, which this version does not include yet`
}
