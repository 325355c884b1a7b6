import {type Html, html} from './html.js'
import {showNumber} from './numbers.js'

const LABEL_GAP = 10
const CHARACTER_WIDTH = 7.2
const MIN_CHARACTERS = 3

/** The size of a chart, and the room for what stands around its plot, in units of the picture. */
export interface PlotFrame {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** A picture for a desk, and one for a phone; the page shows the one that fits. */
export const WIDE: PlotFrame = {width: 960, height: 260, left: 44, right: 8, top: 12, bottom: 28}
export const NARROW: PlotFrame = {width: 360, height: 220, left: 36, right: 6, top: 10, bottom: 26}

/** Draws a chart in both sizes. */
export function inBothSizes(draw: (frame: PlotFrame, isNarrow: boolean) => Html): Html {
  return html`<div class="wide">${draw(WIDE, false)}</div><div class="narrow">${draw(NARROW, true)}</div>`
}

export function picture(
  {width, height}: Pick<PlotFrame, 'width' | 'height'>,
  title: string,
  content: readonly Html[],
): Html {
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">${content}</svg>`
}

/** The frame with room for the labels of values up to this one. */
export function withRoomFor(frame: PlotFrame, value: number): PlotFrame {
  return {...frame, left: LABEL_GAP + CHARACTER_WIDTH * Math.max(MIN_CHARACTERS, showNumber(value).length)}
}

/** Lines across the plot with their values. */
export function valueAxis(
  {width, left, right}: PlotFrame,
  ticks: readonly number[],
  y: (value: number) => number,
): readonly Html[] {
  return ticks.map(
    tick => html`<line class="rule" x1="${left}" x2="${width - right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>
<text class="label" x="${left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${showNumber(tick)}</text>`,
  )
}

/** Two decimals are finer than any screen. */
export function at(position: number): number {
  return Math.round(position * 100) / 100
}

/** Whole numbers only, as half a user says nothing. */
export function wholeTicks(ticks: readonly number[]): number[] {
  return ticks.filter(Number.isInteger)
}
