import type {TopAction} from '../../ops/top/top-actions.js'
import {changeInterval, openView, reverseOrder, toggleFollow, turnSort, turnView} from './change-view.js'
import {chosenId, type ListWindow, moveBy, moveTo} from './move-cursor.js'
import {openPrompt, pressInPrompt} from './press-in-prompt.js'
import {currentList, currentPlace, type Overlay, type TopState, withMessage} from './top-state.js'
import {TOP_VIEWS} from './top-views.js'

/** What is to be done besides drawing anew. */
export type TopEffect =
  | {readonly kind: 'quit'}
  | {readonly kind: 'suspend'}
  | {readonly kind: 'redraw'}
  | {readonly kind: 'snapshot'}
  | {readonly kind: 'act'; readonly action: TopAction}

export interface Pressed {
  readonly state: TopState
  readonly effect?: TopEffect
}

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
      return {state: pressInPrompt(state, overlay.prompt, key, nowMs)}
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
  const kind = list === 'rooms' ? 'room' : 'user'
  const lists = kind === 'room' ? {...state.lists, members: {cursor: 0, offset: 0}} : state.lists
  return {...state, lists, followedId: null, trail: [...state.trail, {kind, id}]}
}

/** Out of what one looked into; at the outside it takes the filter away. */
function goBack(state: TopState): TopState {
  if (state.trail.length > 0) return {...state, trail: state.trail.slice(0, -1), followedId: null}
  const rooms = {...state.orders.rooms, filter: ''}
  const users = {...state.orders.users, filter: ''}
  return {...state, orders: {rooms, users}, followedId: null}
}

function askToKick(state: TopState, {window, nowMs}: KeyContext): TopState {
  if (state.isReadOnly)
    return withMessage(state, 'started with --read-only: nothing can be done from here', 'warning', nowMs)
  const userId = chosenUser(state, window)
  if (userId === undefined) {
    return withMessage(state, 'choose a user first: in view 3, or in a room after Enter', 'warning', nowMs)
  }
  return {...state, overlay: {kind: 'confirm', action: {kind: 'kick', userId}}}
}

/** The user that an action is meant for; undefined where none is chosen. */
function chosenUser(state: TopState, window: ListWindow): number | undefined {
  const place = currentPlace(state)
  if (place?.kind === 'user') return place.id
  const list = currentList(state)
  return list === 'users' || list === 'members' ? chosenId(state, window) : undefined
}
