/** The middle of several measurements and how far they lie apart. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** At least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
  return {median, min: sorted[0] as number, max: sorted.at(-1) as number}
}

/** `0.27 (0.26–0.29)` */
export function writeSpread({median, min, max}: Spread, {factor, digits}: {factor: number; digits: number}): string {
  const write = (value: number) => (value * factor).toFixed(digits)
  return `${write(median)} (${write(min)}–${write(max)})`
}
