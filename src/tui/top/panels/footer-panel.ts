import {cutToWidth} from '../../../render/table.js'
import {foreignText, lineColumns, type Span, type StyledLine, span} from '../styled-text.js'
import {currentPlace, currentTable, type Prompt, type TopState} from '../top-state.js'
import type {Panel} from './panel.js'

/** For how long something is said in place of the keys. */
export const MESSAGE_MS = 6_000

/** A line to type in, what there is to say, why there is no answer, or the keys that mean something here; the first ones are always seen. */
export const footerPanel: Panel = ({state, nowMs, isUtf8}, {columns}) => {
  if (state.overlay?.kind === 'prompt') return [promptLine(state.overlay.prompt, isUtf8)]
  const {message} = state
  if (message !== null && nowMs - message.atMs < MESSAGE_MS) {
    return [[span(` ${cutToWidth(foreignText(message.text, isUtf8), columns - 1)}`, message.tone)]]
  }
  if (state.link.kind === 'lost') return [[span(` ${foreignText(state.link.reason, isUtf8)}`, 'bad')]]
  let used = 0
  const hints = keysFor(state).map(([key, word]): Span[] => [span(` ${key}`, 'key'), span(` ${word} `, 'faint')])
  const fitting = hints.filter(hint => {
    used += lineColumns(hint)
    return used <= columns
  })
  return [fitting.flat()]
}

function promptLine(prompt: Prompt, isUtf8: boolean): StyledLine {
  const [what, keys] = promptWords(prompt)
  return [
    span(` ${what}: `, 'title'),
    span(foreignText(prompt.text, isUtf8), 'bold'),
    span('_', 'bold'),
    span(`   ${keys}`, 'faint'),
  ]
}

function promptWords(prompt: Prompt): readonly [string, string] {
  switch (prompt.kind) {
    case 'filter':
      return ['filter', 'Enter: keep, Esc: none']
    case 'sort':
      return ['sort by', 'Enter, or Esc']
    case 'block':
      return [`block user ${prompt.userId} for`, 'Enter: do it, Esc: no']
  }
}

function keysFor(state: TopState): (readonly [string, string])[] {
  const place = currentPlace(state)
  const table = currentTable(state)
  const canAct = !state.isReadOnly && (place !== undefined || table === 'users')
  const canLift = !state.isReadOnly && (place?.kind === 'user' || table === 'users' || table === 'blocks')
  return [
    ['q', 'quit'],
    ['?', 'help'],
    ...(place === undefined ? [] : ([['Esc', 'back']] as const)),
    ...(table === null && place?.kind !== 'room' ? [] : ([['Enter', 'look into']] as const)),
    ...(canAct
      ? ([
          ['K', 'kick'],
          ['B', 'block'],
        ] as const)
      : []),
    ...(canLift ? ([['U', 'unblock']] as const) : []),
    ...(table === null
      ? []
      : ([
          ['<>', 'sort'],
          ['r', 'reverse'],
          ['/', 'filter'],
          ['F', 'follow'],
        ] as const)),
    ['p', state.isPaused ? 'go on' : 'pause'],
    ['Space', state.showsTotals ? 'rates' : 'totals'],
    ['+-', 'interval'],
    ['s', 'snapshot'],
  ]
}
