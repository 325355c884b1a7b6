import type {SecurityTarget} from '../../contract/security.js'
import {toTarget} from '../../ops/top/top-actions.js'
import {changeInterval, openView, reverseOrder, toggleFollow, turnSort, turnView, withOrder} from './change-view.js'
import {chosenId, type ListWindow, moveBy, moveTo} from './move-cursor.js'
import {askToBlock, openPrompt, pressInPrompt} from './press-in-prompt.js'
import type {Pressed, TopEffect} from './top-effect.js'
import {
  currentList,
  currentPlace,
  currentTable,
  type Overlay,
  type Place,
  type RowId,
  type TopState,
  withMessage,
} from './top-state.js'
import {TOP_VIEWS} from './top-views.js'

export interface KeyContext {
  readonly window: ListWindow
  readonly nowMs: number
}

type Press = (state: TopState, context: KeyContext) => TopState

function sameFor(keys: readonly string[], press: Press): [string, Press][] {
  return keys.map(key => [key, press])
}

/**
 * What each key changes where nothing lies over the screen. Names are those of characters, and `up`, `pageup`, `C-c` and
 * the like. No key in lower case does anything to the server.
 */
const KEYS: ReadonlyMap<string, Press> = new Map([
  ...sameFor(['?', 'h', 'f1'], state => ({...state, overlay: {kind: 'help'}})),
  ...TOP_VIEWS.flatMap((view, index) => sameFor([String(index + 1)], state => openView(state, view))),
  ...sameFor(['tab'], state => turnView(state, 1)),
  ...sameFor(['S-tab'], state => turnView(state, -1)),
  ...sameFor(['up', 'k'], (state, {window}) => moveBy(state, window, -1)),
  ...sameFor(['down', 'j'], (state, {window}) => moveBy(state, window, 1)),
  ...sameFor(['pageup'], (state, {window}) => moveBy(state, window, -window.pageRows)),
  ...sameFor(['pagedown'], (state, {window}) => moveBy(state, window, window.pageRows)),
  ...sameFor(['home'], (state, {window}) => moveTo(state, window, 0)),
  ...sameFor(['end'], (state, {window}) => moveTo(state, window, window.total - 1)),
  ...sameFor(['enter'], lookInto),
  ...sameFor(['escape'], goBack),
  ...sameFor(['left', '<'], state => turnSort(state, -1)),
  ...sameFor(['right', '>'], state => turnSort(state, 1)),
  ...sameFor(['o'], (state, {nowMs}) => openPrompt(state, 'sort', nowMs)),
  ...sameFor(['r', 'I'], reverseOrder),
  ...sameFor(['/', 'f', 'f4'], (state, {nowMs}) => openPrompt(state, 'filter', nowMs)),
  ...sameFor([' '], state => ({...state, showsTotals: !state.showsTotals})),
  ...sameFor(['p', 'Z'], state => ({...state, isPaused: !state.isPaused})),
  ...sameFor(['F'], (state, {window}) => toggleFollow(state, chosenId(state, window))),
  ...sameFor(['+', '='], state => changeInterval(state, 1)),
  ...sameFor(['-'], state => changeInterval(state, -1)),
  ...sameFor(['b'], state => ({...state, showsRawBytes: !state.showsRawBytes})),
  ...sameFor(['K'], askToKick),
  ...sameFor(['B'], (state, {window, nowMs}) => withUser(state, window, nowMs, userId => askToBlock(state, userId))),
  ...sameFor(['U'], askToUnblock),
])

const EFFECTS: ReadonlyMap<string, TopEffect> = new Map([
  ['q', {kind: 'quit'}],
  ['C-z', {kind: 'suspend'}],
  ['C-l', {kind: 'redraw'}],
  ['s', {kind: 'snapshot'}],
])

/** The whole of what a key does. A key without a meaning changes nothing. */
export function pressKey(state: TopState, key: string, context: KeyContext): Pressed {
  if (key === 'C-c') return {state, effect: {kind: 'quit'}}
  if (state.overlay !== null) return pressInOverlay(state, state.overlay, key, context)
  const effect = EFFECTS.get(key)
  if (effect !== undefined) return {state, effect}
  return {state: KEYS.get(key)?.(state, context) ?? state}
}

function pressInOverlay(state: TopState, overlay: Overlay, key: string, {nowMs}: KeyContext): Pressed {
  const closed: TopState = {...state, overlay: null}
  switch (overlay.kind) {
    case 'help':
      return {state: closed}
    case 'prompt':
      return pressInPrompt(state, overlay.prompt, key, nowMs)
    case 'confirm':
      if (key === 'q') return {state: closed, effect: {kind: 'quit'}}
      if (key === 'y' || key === 'Y') return {state: closed, effect: {kind: 'act', action: overlay.action}}
      return {state: withMessage(closed, 'nothing done', 'faint', nowMs)}
  }
}

/** Into a room from the rooms, into a user from the users or from the members of a room. */
function lookInto(state: TopState, {window}: KeyContext): TopState {
  const list = currentList(state)
  const id = chosenId(state, window)
  if (list === null || list === 'events' || id === undefined) return state
  const place = list === 'rooms' ? ({kind: 'room', id} as const) : toUserPlace(id)
  if (place === undefined) return state
  const lists = place.kind === 'room' ? {...state.lists, members: {cursor: 0, offset: 0}} : state.lists
  return {...state, lists, followedId: null, trail: [...state.trail, place as Place]}
}

/** A block may be of an address, which one cannot look into. */
function toUserPlace(id: RowId): Place | undefined {
  const userId = Number(id)
  return Number.isInteger(userId) ? {kind: 'user', id: userId} : undefined
}

/** Out of what one looked into; at the outside it takes the filter away. */
function goBack(state: TopState): TopState {
  if (state.trail.length > 0) return {...state, trail: state.trail.slice(0, -1), followedId: null}
  const table = currentTable(state)
  const open = {...state, followedId: null}
  return table === null ? open : withOrder(open, table, {filter: ''})
}

function askToKick(state: TopState, {window, nowMs}: KeyContext): TopState {
  return withUser(state, window, nowMs, userId => ({
    ...state,
    overlay: {kind: 'confirm', action: {kind: 'kick', userId}},
  }))
}

function askToUnblock(state: TopState, {window, nowMs}: KeyContext): TopState {
  const id = currentList(state) === 'blocks' ? chosenId(state, window) : undefined
  if (state.isReadOnly || id === undefined) {
    return withUser(state, window, nowMs, user => confirmUnblock(state, {user}))
  }
  return confirmUnblock(state, toTarget(String(id)))
}

function confirmUnblock(state: TopState, target: SecurityTarget): TopState {
  return {...state, overlay: {kind: 'confirm', action: {kind: 'unblock', target}}}
}

/** Does something with the user that is chosen, or says why it cannot. */
function withUser(state: TopState, window: ListWindow, nowMs: number, act: (userId: number) => TopState): TopState {
  if (state.isReadOnly) {
    return withMessage(state, 'started with --read-only: nothing can be done from here', 'warning', nowMs)
  }
  const userId = chosenUser(state, window)
  if (userId !== undefined) return act(userId)
  return withMessage(state, 'choose a user first: in view 3, or in a room after Enter', 'warning', nowMs)
}

/** The user that an action is meant for; undefined where none is chosen. */
function chosenUser(state: TopState, window: ListWindow): number | undefined {
  const place = currentPlace(state)
  if (place?.kind === 'user') return place.id
  const list = currentList(state)
  const id = list === 'users' || list === 'members' || list === 'blocks' ? chosenId(state, window) : undefined
  return id === undefined ? undefined : toUserPlace(id)?.id
}
