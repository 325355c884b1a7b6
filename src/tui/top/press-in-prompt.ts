import {splitGraphemes} from '../../util/text-columns.js'
import {withOrder} from './change-view.js'
import {currentTable, type Prompt, type TopState, withMessage} from './top-state.js'
import {sortColumns} from './top-views.js'

/** What the server takes. */
const MAX_CHARACTERS = 100

/** Opens a line to type in; says so where there is no table that it could be for. */
export function openPrompt(state: TopState, kind: Prompt['kind'], nowMs: number): TopState {
  const table = currentTable(state)
  if (table === null) return withMessage(state, 'there is no table here; 2 shows rooms, 3 users', 'warning', nowMs)
  const text = kind === 'filter' ? state.orders[table].filter : ''
  return {...state, overlay: {kind: 'prompt', prompt: {kind, table, text}}}
}

/** A filter takes hold with every character; a sort key with Enter. */
export function pressInPrompt(state: TopState, prompt: Prompt, key: string, nowMs: number): TopState {
  if (key === 'enter') return prompt.kind === 'sort' ? sortBy(closed(state), prompt, nowMs) : closed(state)
  if (key === 'escape') return typed(closed(state), {...prompt, text: ''})
  const text = edit(prompt.text, key)
  const next = {...prompt, text}
  return typed({...state, overlay: {kind: 'prompt', prompt: next}}, next)
}

function edit(text: string, key: string): string {
  if (key === 'backspace' || key === 'C-h') return splitGraphemes(text).slice(0, -1).join('')
  if (key === 'C-u') return ''
  // Names of keys have several ASCII characters; what is typed is one character, whatever it is made of.
  const isCharacter = splitGraphemes(key).length === 1
  return isCharacter && Array.from(text + key).length <= MAX_CHARACTERS ? text + key : text
}

function typed(state: TopState, {kind, table, text}: Prompt): TopState {
  return kind === 'filter' ? withOrder(state, table, {filter: text}) : state
}

function closed(state: TopState): TopState {
  return {...state, overlay: null}
}

/** The beginning of a name is enough where only one begins so. */
function sortBy(state: TopState, {table, text}: Prompt, nowMs: number): TopState {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return state
  const names = sortColumns(table)
  const found = names.includes(wanted) ? [wanted] : names.filter(name => name.startsWith(wanted))
  if (found.length === 1) return withOrder(state, table, {sort: found[0] as string})
  return withMessage(state, `sort by one of ${names.join(', ')}`, 'warning', nowMs)
}
