import type {TopSample} from '../../../ops/top/top-sample.js'
import type {Glyphs} from '../glyphs.js'
import type {History} from '../history.js'
import {type StyledLine, span, spreadLine} from '../styled-text.js'
import type {TopEvent} from '../top-events.js'
import type {TopState} from '../top-state.js'

/** All that a panel may show. */
export interface PanelInput {
  readonly state: TopState
  /** Undefined until the server answered once. */
  readonly sample: TopSample | undefined
  readonly history: History
  /** Newest first. */
  readonly events: readonly TopEvent[]
  readonly glyphs: Glyphs
  readonly isUtf8: boolean
  readonly nowMs: number
}

export interface PanelSize {
  readonly columns: number
  readonly rows: number
}

/** Draws a part of the screen. Lines are cut or filled up by the caller, and so are missing and surplus ones. */
export type Panel = (input: PanelInput, size: PanelSize) => StyledLine[]

/** The right end of curves: a paused screen stands still. */
export function curveEndMs({state, sample, nowMs}: PanelInput): number {
  return state.isPaused ? (sample?.takenAtMs ?? nowMs) : nowMs
}

/** `── title ───────── note ──` */
export function titleLine(title: StyledLine, note: StyledLine, columns: number, {rule}: Glyphs): StyledLine {
  const left = [span(`${rule}${rule} `, 'faint'), ...title, span(' ', 'faint')]
  const right = note.length === 0 ? [] : [span(' ', 'faint'), ...note, span(` ${rule}${rule}`, 'faint')]
  const line = spreadLine(left, right, columns, 'faint')
  return line.map(({text, tone}) =>
    tone === 'faint' && text.length > 1 && text.trim() === '' ? span(rule.repeat(text.length), tone) : {text, tone},
  )
}
