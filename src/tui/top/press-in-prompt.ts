import {GsError} from '../../errors.js'
import {parseDuration} from '../../units.js'
import {MAX_FILTER_CHARACTERS} from '../../util/listing-columns.js'
import {splitGraphemes} from '../../util/text-columns.js'
import {withOrder} from './change-view.js'
import type {Pressed} from './top-effect.js'
import {currentTable, type Prompt, type TopState, withMessage} from './top-state.js'
import {sortColumns, type TableName} from './top-views.js'

/** What a block is offered to last. */
const DEFAULT_BLOCK = '10m'
const MIN_BLOCK_MS = 1_000

/** Opens a line to type in; says so where there is no table that it could be for. */
export function openPrompt(state: TopState, kind: 'filter' | 'sort', nowMs: number): TopState {
  const table = currentTable(state)
  if (table === null) return withMessage(state, 'there is no table here; 2 shows rooms, 3 users', 'warning', nowMs)
  const text = kind === 'filter' ? state.orders[table].filter : ''
  return {...state, overlay: {kind: 'prompt', prompt: {kind, table, text}}}
}

/** Asks for how long a user is to be blocked, which confirms it, too. */
export function askToBlock(state: TopState, userId: number): TopState {
  return {...state, overlay: {kind: 'prompt', prompt: {kind: 'block', userId, text: DEFAULT_BLOCK}}}
}

/** A filter takes hold with every character; the others with Enter. */
export function pressInPrompt(state: TopState, prompt: Prompt, key: string, nowMs: number): Pressed {
  if (key === 'enter') return confirm({...state, overlay: null}, prompt, nowMs)
  if (key === 'escape') return {state: typed({...state, overlay: null}, {...prompt, text: ''})}
  const next = {...prompt, text: edit(prompt.text, key)}
  return {state: typed({...state, overlay: {kind: 'prompt', prompt: next}}, next)}
}

function confirm(state: TopState, prompt: Prompt, nowMs: number): Pressed {
  switch (prompt.kind) {
    case 'filter':
      return {state}
    case 'sort':
      return {state: sortBy(state, prompt.table, prompt.text, nowMs)}
    case 'block':
      return block(state, prompt, nowMs)
  }
}

function block(state: TopState, {userId, text}: Prompt & {kind: 'block'}, nowMs: number): Pressed {
  try {
    const forMs = parseDuration(text.trim())
    if (forMs >= MIN_BLOCK_MS) return {state, effect: {kind: 'act', action: {kind: 'block', userId, forMs}}}
    return {state: withMessage(state, 'nothing done: a block lasts a second at least', 'warning', nowMs)}
  } catch (error) {
    // Whoever types is told; anything but a wrong duration would be a bug.
    if (!GsError.is(error)) throw error
    return {state: withMessage(state, `nothing done: ${error.message}; write 30s, 10m, 2h or 7d`, 'warning', nowMs)}
  }
}

function edit(text: string, key: string): string {
  if (key === 'backspace' || key === 'C-h') return splitGraphemes(text).slice(0, -1).join('')
  if (key === 'C-u') return ''
  // Names of keys have several ASCII characters; what is typed is one character, whatever it is made of.
  const isCharacter = splitGraphemes(key).length === 1
  return isCharacter && (text + key).length <= MAX_FILTER_CHARACTERS ? text + key : text
}

function typed(state: TopState, prompt: Prompt): TopState {
  return prompt.kind === 'filter' ? withOrder(state, prompt.table, {filter: prompt.text}) : state
}

/** The beginning of a name is enough where only one begins so. */
function sortBy(state: TopState, table: TableName, text: string, nowMs: number): TopState {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return state
  const names = sortColumns(table)
  const found = names.includes(wanted) ? [wanted] : names.filter(name => name.startsWith(wanted))
  if (found.length === 1) return withOrder(state, table, {sort: found[0] as string})
  return withMessage(state, `sort by one of ${names.join(', ')}`, 'warning', nowMs)
}
