import {describe, expect, test} from 'vitest'
import {chosenId, type ListWindow, settleCursor} from '../../../src/tui/top/move-cursor.js'
import {pressKey} from '../../../src/tui/top/press-key.js'
import type {TopEffect} from '../../../src/tui/top/top-effect.js'
import type {TopState} from '../../../src/tui/top/top-state.js'
import {TOP_VIEWS} from '../../../src/tui/top/top-views.js'
import {nowMs, topState} from './top-world.js'

const window: ListWindow = {pageRows: 5, ids: Array.from({length: 20}, (_, index) => 100 + index), total: 20}

function pressAll(state: TopState, ...keys: string[]): {state: TopState; effects: TopEffect[]} {
  const effects: TopEffect[] = []
  for (const key of keys) {
    const pressed = pressKey(state, key, {window, nowMs})
    state = pressed.state
    if (pressed.effect !== undefined) effects.push(pressed.effect)
  }
  return {state, effects}
}

const press = (state: TopState, ...keys: string[]) => pressAll(state, ...keys).state

describe('views', () => {
  test('each has its number, and Tab goes around', () => {
    TOP_VIEWS.forEach((view, index) => {
      expect(press(topState(), String(index + 1)).view).toBe(view)
    })
    expect(press(topState(), 'tab').view).toBe('rooms')
    expect(press(topState(), 'S-tab').view).toBe(TOP_VIEWS.at(-1))
    expect(press(topState(), ...TOP_VIEWS.map(() => 'tab')).view).toBe('overview')
  })

  test('Enter looks into the chosen room and into a member, Esc goes back step by step', () => {
    const deep = press(topState(), 'down', 'enter', 'down', 'enter')
    expect(deep.trail).toEqual([
      {kind: 'room', id: 101},
      {kind: 'user', id: 101},
    ])
    expect(press(deep, 'escape').trail).toEqual([{kind: 'room', id: 101}])
    expect(press(deep, 'escape', 'escape').trail).toEqual([])
    expect(press(deep, '2').trail).toEqual([])
  })
})

describe('the chosen row', () => {
  test('moves by the arrows and their letters, by pages, and to the ends, and never beyond', () => {
    const cursor = (...keys: string[]) => press(topState(), ...keys).lists.rooms
    expect(cursor('down', 'j', 'up').cursor).toBe(1)
    expect(cursor('k').cursor).toBe(0)
    expect(cursor('pagedown')).toEqual({cursor: 5, offset: 1})
    expect(cursor('end')).toEqual({cursor: 19, offset: 15})
    expect(cursor('end', 'down')).toEqual({cursor: 19, offset: 15})
    expect(cursor('end', 'home')).toEqual({cursor: 0, offset: 0})
    expect(cursor('end', 'up').offset).toBe(15)
  })

  test('is kept within a list that shrank', () => {
    const state = press(topState(), 'end')
    expect(settleCursor(state, {pageRows: 5, ids: [100, 101], total: 2}).lists.rooms).toEqual({cursor: 1, offset: 0})
    expect(settleCursor(state, {pageRows: 5, ids: [], total: 0}).lists.rooms).toEqual({cursor: 0, offset: 0})
  })

  test('follows its row with F wherever it moves, until F or an arrow', () => {
    const following = press(topState(), 'down', 'F')
    const moved = settleCursor(following, {...window, ids: [...window.ids].reverse()})
    expect(chosenId(moved, {...window, ids: [...window.ids].reverse()})).toBe(101)
    expect(press(following, 'F').followedId).toBeNull()
    expect(press(following, 'down').followedId).toBeNull()
  })
})

describe('order', () => {
  test('goes through the columns and turns around', () => {
    expect(topState().orders.rooms.sort).toBe('rate')
    expect(press(topState(), '>').orders.rooms.sort).toBe('active')
    expect(press(topState(), '<').orders.rooms.sort).toBe('users')
    expect(press(topState(), '<', '<', '<').orders.rooms.sort).toBe('state')
    expect(press(topState(), 'r').orders.rooms.isReversed).toBe(true)
    expect(press(topState(), 'I', 'r').orders.rooms.isReversed).toBe(false)
    expect(press(topState({view: 'users'}), '>').orders.rooms.sort).toBe('rate')
  })

  test('is typed after o, as far as it is clear', () => {
    expect(press(topState(), 'o', ...'ac', 'enter').orders.rooms.sort).toBe('active')
    const unclear = press(topState(), 'o', 'x', 'enter')
    expect(unclear.orders.rooms.sort).toBe('rate')
    expect(unclear.message?.text).toContain('room, users, rate')
    expect(press(topState(), 'o', 'u', 'escape')).toEqual(topState())
  })
})

describe('the filter', () => {
  test('takes hold while it is typed, and q is a letter in it', () => {
    const state = press(topState(), '/', ...'qa')
    expect(state.orders.rooms.filter).toBe('qa')
    expect(press(state, 'backspace').orders.rooms.filter).toBe('q')
    expect(press(state, 'C-u').orders.rooms.filter).toBe('')
    expect(press(state, 'enter').overlay).toBeNull()
    expect(press(state, 'enter').orders.rooms.filter).toBe('qa')
    expect(press(state, 'escape').orders.rooms.filter).toBe('')
    expect(press(state, 'enter', 'escape').orders.rooms.filter).toBe('')
    expect(press(state, 'up', 'f1', 'pageup').orders.rooms.filter).toBe('qa')
  })

  test('can be left by Ctrl-C, as everything', () => {
    expect(pressAll(topState(), '/', 'C-c').effects).toEqual([{kind: 'quit'}])
  })

  test('is for tables, and it says so elsewhere', () => {
    expect(press(topState({view: 'plugins'}), '/').message?.text).toContain('no table')
  })
})

describe('the rest', () => {
  test('each key toggles what it is for', () => {
    expect(press(topState(), 'p').isPaused).toBe(true)
    expect(press(topState(), 'Z', 'p').isPaused).toBe(false)
    expect(press(topState(), ' ').showsTotals).toBe(true)
    expect(press(topState(), 'b').showsRawBytes).toBe(true)
  })

  test('the interval stays between half a second and a minute', () => {
    expect(press(topState(), '+', '+').intervalMs).toBe(2000)
    expect(press(topState(), '-', '-', '-').intervalMs).toBe(500)
    expect(press(topState({intervalMs: 60_000}), '+').intervalMs).toBe(60_000)
    expect(press(topState({intervalMs: 100}), '-').intervalMs).toBe(100)
    expect(press(topState({intervalMs: 100}), '+').intervalMs).toBe(600)
  })

  test.each(['?', 'h', 'f1'])('%s opens help, and any key closes it', key => {
    expect(press(topState(), key).overlay).toEqual({kind: 'help'})
    expect(pressAll(topState(), key, 'q')).toEqual({state: topState(), effects: []})
  })

  test('q and Ctrl-C quit, s writes a snapshot, Ctrl-L draws anew, Ctrl-Z suspends', () => {
    const kinds = ['q', 'C-c', 's', 'C-l', 'C-z'].map(key => pressAll(topState(), key).effects[0]?.kind)
    expect(kinds).toEqual(['quit', 'quit', 'snapshot', 'redraw', 'suspend'])
  })

  test('keys without a meaning change nothing', () => {
    const state = topState()
    for (const key of ['x', 'é', 'f9', 'M-q', '8', '0']) expect(pressKey(state, key, {window, nowMs})).toEqual({state})
  })
})

describe('blocking', () => {
  const users = topState({view: 'users'})

  test('asks for how long, and Enter does it', () => {
    const asked = press(users, 'down', 'B')
    expect(asked.overlay).toEqual({kind: 'prompt', prompt: {kind: 'block', userId: 101, text: '10m'}})
    const {state, effects} = pressAll(asked, 'backspace', 'backspace', 'backspace', ...'2h', 'enter')
    expect(effects).toEqual([{kind: 'act', action: {kind: 'block', userId: 101, forMs: 7_200_000}}])
    expect(state.overlay).toBeNull()
  })

  test.each([
    [['escape'], undefined],
    [['C-u', 'enter'], 'not a duration'],
    [['C-u', '1', '0', 'enter'], 'not a duration'],
    [['C-u', '5', 'm', 's', 'enter'], 'at least'],
  ])('does nothing after %j', (keys, words) => {
    const {state, effects} = pressAll(users, 'B', ...keys)
    expect({effects, overlay: state.overlay}).toEqual({effects: [], overlay: null})
    if (words === undefined) expect(state.message).toBeNull()
    else expect(state.message?.text).toContain(words)
  })
})

describe('unblocking', () => {
  test('means the chosen user, or the chosen block of whatever kind', () => {
    const users = press(topState({view: 'users'}), 'down', 'U')
    expect(users.overlay).toEqual({kind: 'confirm', action: {kind: 'unblock', target: {user: 101}}})
    const blocks: ListWindow = {pageRows: 5, ids: ['42', '203.0.113.7', '2001:db8::/32'], total: 3}
    const security = topState({view: 'security'})
    const targets = [[], ['down'], ['down', 'down']].map(keys => {
      let state = security
      for (const key of [...keys, 'U', 'y']) {
        const pressed = pressKey(state, key, {window: blocks, nowMs})
        state = pressed.state
        if (pressed.effect?.kind === 'act') return pressed.effect.action
      }
      return undefined
    })
    expect(targets).toEqual([
      {kind: 'unblock', target: {user: 42}},
      {kind: 'unblock', target: {ip: '203.0.113.7'}},
      {kind: 'unblock', target: {cidr: '2001:db8::/32'}},
    ])
  })

  test('is not for those who only read', () => {
    expect(press(topState({view: 'security', isReadOnly: true}), 'U')).toMatchObject({overlay: null})
    expect(press(topState({view: 'users', isReadOnly: true}), 'B').message?.text).toContain('--read-only')
  })
})

describe('kicking', () => {
  const users = topState({view: 'users'})

  test('asks first, and only y does it', () => {
    const asked = press(users, 'down', 'K')
    const action = {kind: 'kick', userId: 101}
    expect(asked.overlay).toEqual({kind: 'confirm', action})
    expect(pressAll(asked, 'y').effects).toEqual([{kind: 'act', action}])
    for (const key of ['n', 'enter', 'escape', ' ', 'K']) {
      const {state, effects} = pressAll(asked, key)
      expect({overlay: state.overlay, effects}).toEqual({overlay: null, effects: []})
    }
    expect(pressAll(asked, 'q').effects).toEqual([{kind: 'quit'}])
  })

  test('means the user one looks into, or the chosen member', () => {
    expect(press(users, 'enter', 'K').overlay).toMatchObject({action: {userId: 100}})
    expect(press(topState(), 'enter', 'down', 'K').overlay).toMatchObject({action: {userId: 101}})
  })

  test('needs a user, and is not for those who only read', () => {
    expect(press(topState(), 'K')).toMatchObject({overlay: null, message: {tone: 'warning'}})
    expect(press(topState({view: 'users', isReadOnly: true}), 'K').message?.text).toContain('--read-only')
  })

  test('no key in lower case does anything to the server', () => {
    const acting = new Set(['K', 'B', 'U'])
    for (let code = 0x20; code < 0x7f; code += 1) {
      const key = String.fromCharCode(code)
      if (acting.has(key)) continue
      const {state, effects} = pressAll(press(users, 'down'), key, 'y')
      expect(
        effects.some(({kind}) => kind === 'act'),
        key,
      ).toBe(false)
      expect(state.overlay?.kind, key).not.toBe('confirm')
    }
  })
})
