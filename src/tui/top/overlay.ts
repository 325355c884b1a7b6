import {targetName} from '../../ops/top/top-actions.js'
import type {Glyphs} from './glyphs.js'
import type {ScreenSize} from './layout.js'
import {fitLine, lineColumns, type StyledLine, span} from './styled-text.js'
import type {ConfirmedAction, TopState} from './top-state.js'

/** Lies over the middle of the screen. */
export interface OverlayBox {
  readonly left: number
  readonly top: number
  readonly lines: readonly StyledLine[]
}

const HELP: readonly (readonly [string, string])[] = [
  ['1 to 7, Tab', 'another view'],
  ['arrows, j k, PgUp PgDn', 'choose a row; Home, End: the ends'],
  ['Enter, Esc', 'look into a room or user, and back'],
  ['< >, left right', 'sort by another column; o: type which'],
  ['r', 'turn the order around'],
  ['/ or f', 'show rows with a text only; Esc: all'],
  ['F', 'follow the chosen row wherever it moves'],
  ['Space', 'sums since the start, or rates'],
  ['b', 'bytes as they are, or with units'],
  ['p', 'pause: nothing is asked for'],
  ['+ -', 'longer or shorter interval'],
  ['s', 'write what is shown to a file, as JSON'],
]
const HELP_ACTIONS: readonly (readonly [string, string])[] = [
  ['K, B, U', 'kick, block, unblock the chosen (asks first)'],
]
const HELP_END: readonly (readonly [string, string])[] = [
  ['q, Ctrl-C', 'quit; Ctrl-Z: to the shell, Ctrl-L: draw anew'],
]
const KEY_COLUMNS = 23
/** Room for the walls and a blank at each side. */
const FRAME_COLUMNS = 4

/** Help, or the question before something is done; null: nothing lies over the screen. */
export function overlayBox({overlay, isReadOnly}: TopState, size: ScreenSize, glyphs: Glyphs): OverlayBox | null {
  if (overlay === null || overlay.kind === 'prompt') return null
  const lines = overlay.kind === 'help' ? helpLines(isReadOnly, size) : confirmLines(overlay.action)
  return boxed(lines, size, glyphs)
}

function helpLines(isReadOnly: boolean, {columns}: ScreenSize): StyledLine[] {
  const keyColumns = Math.min(KEY_COLUMNS, Math.floor((columns - FRAME_COLUMNS) * 0.4))
  return [
    [span('Keys', 'title'), span('   any key closes this', 'faint')],
    ...[...HELP, ...(isReadOnly ? [] : HELP_ACTIONS), ...HELP_END].map(
      ([key, words]): StyledLine => [...fitLine([span(key, 'key')], keyColumns), span(` ${words}`)],
    ),
    [span('! and !! mark numbers that are high', 'faint')],
  ]
}

function confirmLines(action: ConfirmedAction): StyledLine[] {
  const [question, consequence] = questionOf(action)
  return [
    [span(question, 'warning')],
    [span(consequence)],
    [],
    [span('y', 'key'), span(' do it   '), span('any other key', 'key'), span(' leave it')],
  ]
}

function questionOf(action: ConfirmedAction): readonly [string, string] {
  switch (action.kind) {
    case 'kick':
      return [`Kick user ${action.userId}?`, 'The connection ends, and seats in games are given up.']
    case 'unblock':
      return [
        `Unblock ${targetName(action.target)}?`,
        'user' in action.target
          ? 'Violations and suspicion are cleared, too.'
          : 'Whoever comes from there may connect.',
      ]
  }
}

function boxed(lines: readonly StyledLine[], size: ScreenSize, {rule, wall}: Glyphs): OverlayBox {
  const inner = Math.min(size.columns - FRAME_COLUMNS, Math.max(...lines.map(lineColumns)))
  const shown = lines.slice(0, Math.max(1, size.rows - 2))
  const edge: StyledLine = [span(` ${rule.repeat(inner + FRAME_COLUMNS - 2)} `, 'faint')]
  const walled = shown.map(
    (line): StyledLine => [span(`${wall} `, 'faint'), ...fitLine(line, inner), span(` ${wall}`, 'faint')],
  )
  return {
    left: Math.max(0, Math.floor((size.columns - inner - FRAME_COLUMNS) / 2)),
    top: Math.max(0, Math.floor((size.rows - shown.length - 2) / 2)),
    lines: [edge, ...walled, edge],
  }
}
