import type {Glyphs} from './glyphs.js'
import {type Span, type StyledLine, span, type Tone} from './styled-text.js'

export interface TextChartOptions {
  /** One value for each column; null draws nothing. */
  readonly values: readonly (number | null)[]
  /** A second curve that is never higher: its part of each column looks different. */
  readonly lower?: readonly (number | null)[]
  readonly rows: number
  readonly glyphs: Glyphs
}

/** A curve as columns of characters that fill up from below. The highest value reaches the top. */
export function drawTextChart({values, lower, rows, glyphs}: TextChartOptions): StyledLine[] {
  const highest = Math.max(0, ...values.map(value => value ?? 0))
  const steps = glyphs.levels.length - 1
  const heightOf = (value: number | null | undefined) => {
    if (value === null || value === undefined || highest === 0) return 0
    // What is not nothing is seen.
    return Math.max(value > 0 ? 1 : 0, Math.round((value / highest) * rows * steps))
  }
  const heights = values.map(heightOf)
  const lowerHeights = lower?.map(heightOf)
  return Array.from({length: rows}, (_, row) => {
    const below = (rows - 1 - row) * steps
    const cells = heights.map((height, column): Span => {
      const level = Math.min(steps, Math.max(0, height - below))
      const isLower = (lowerHeights?.[column] ?? 0) > below
      return span(glyphs.levels[level] as string, isLower ? 'lowerCurve' : 'curve')
    })
    return joinSame(cells)
  })
}

function joinSame(spans: readonly Span[]): StyledLine {
  const joined: {text: string; tone: Tone}[] = []
  for (const {text, tone} of spans) {
    const last = joined.at(-1)
    if (last?.tone === tone) last.text += text
    else joined.push({text, tone})
  }
  return joined
}
