import {describe, expect, test} from 'vitest'
import {GsError, refuse} from '../../src/errors.js'
import {checkGame, defineGame} from '../../src/games/define-game.js'

const counter = {
  name: 'counter',
  minPlayers: 1,
  maxPlayers: 4,
  setup: () => 0,
  onAction: (state: number) => state + 1,
  outcome: () => undefined,
}

const messageFor = (value: unknown) => {
  try {
    checkGame(value, 'here')
  } catch (error) {
    if (GsError.is(error) && error.code === 'game_invalid') return error.message
    throw error
  }
  return undefined
}

test('a definition comes back as it went in, with its state inferred', () => {
  const game = defineGame({
    ...counter,
    onAction(state, {action}) {
      if (typeof action !== 'number') throw refuse('an action is a number')
      return state + action
    },
  })
  const state: number = game.onAction(1, {userId: 1, action: 2, random: Math.random, nowMs: 0})
  expect(state).toBe(3)
})

test('a game that has all it needs is passed on as it is', () => {
  expect(checkGame(counter, 'here')).toBe(counter)
  const complete = {...counter, onLeave: counter.onAction, onTimer: counter.onAction, timerMs: 10, view: () => null}
  expect(checkGame(complete, 'here')).toBe(complete)
})

describe('a game is refused, naming origin, field and reason, when', () => {
  test.each([
    [undefined, 'a game is an object, not missing'],
    [null, 'a game is an object, not null'],
    [[], 'a game is an object, not an array'],
    [() => counter, 'a game is an object, not a function'],
    ['chess', 'a game is an object, not "chess"'],
    [{}, 'name is missing'],
    [{...counter, setup: undefined}, 'setup is missing; it must be a function'],
    [{...counter, onAction: 'yes'}, 'onAction is "yes"; it must be a function'],
    [{...counter, outcome: {}}, 'outcome is an object; it must be a function'],
    [{...counter, view: null}, 'view is null; it must be a function or left out'],
    [{...counter, onLeave: 1}, 'onLeave is 1; it must be a function or left out'],
    [{...counter, timerMs: 100}, 'timerMs is given without onTimer'],
    [{...counter, onTimer: counter.onAction}, 'onTimer is given without timerMs'],
  ])('it is %o', (value, reason) => {
    expect(messageFor(value)).toContain(`here: ${reason}`)
  })

  test.each(['', 'Chess', '9lives', '-x', 'a b', 'a.b', `a${'b'.repeat(64)}`, 'é', 7, null])('its name is %o', name => {
    expect(messageFor({...counter, name})).toMatch(/^here: name is /)
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2', undefined])('minPlayers is %o', minPlayers => {
    expect(messageFor({...counter, minPlayers})).toMatch(
      /^here: minPlayers is .*; it must be an integer of at least 1$/,
    )
  })

  test.each([1, 0, 2.5, Number.NaN, Number.POSITIVE_INFINITY, '3', undefined])(
    'maxPlayers is %o and minPlayers 2',
    maxPlayers => {
      expect(messageFor({...counter, minPlayers: 2, maxPlayers})).toMatch(/^here: maxPlayers is .*\(2\)$/)
    },
  )

  test.each([9, 3_600_001, 0, -10, 10.5, Number.NaN, '100'])('timerMs is %o', timerMs => {
    expect(messageFor({...counter, onTimer: counter.onAction, timerMs})).toMatch(/^here: timerMs is /)
  })
})

test.each([
  {name: 'a'},
  {name: `a${'_'.repeat(63)}`},
  {name: 'x-1_y'},
  {minPlayers: 4},
  {maxPlayers: 1},
  {onTimer: counter.onAction, timerMs: 10},
  {onTimer: counter.onAction, timerMs: 3_600_000},
])('just inside the limits is fine: %o', fields => {
  expect(messageFor({...counter, ...fields})).toBeUndefined()
})

test('a long value is shown cut', () => {
  expect(messageFor({...counter, name: 'x'.repeat(10_000)})?.length).toBeLessThan(300)
})
