import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {GameDefinition} from '../../src/contract/games.js'
import type {JsonValue} from '../../src/contract/messages.js'
import {GameSession} from '../../src/games/game-session.js'
import {type TicTacToeState, tictactoe} from '../../src/games/tictactoe.js'

const X = 1
const O = 2
const STRANGER = 3
const around = {random: () => 0, nowMs: 0}

const begin = () => GameSession.start({definition: tictactoe as GameDefinition, players: [X, O], ...around})

const stateOf = (session: GameSession): TicTacToeState => JSON.parse(session.sharedView())

/** Tic-tac-toe once more, as bit sets: what each has, and nothing else. */
class Model {
  static readonly LINES = [0o700, 0o070, 0o007, 0o444, 0o222, 0o111, 0o421, 0o124]
  #marks = {[X]: 0, [O]: 0}
  #count = 0

  get isOver(): boolean {
    return this.winner !== null || this.#count === 9
  }

  get winner(): number | null {
    return [X, O].find(user => Model.LINES.some(line => (this.#of(user) & line) === line)) ?? null
  }

  /** Plays a legal move; says whether it was one. */
  move(user: number, cell: unknown): boolean {
    const isTurn = user === (this.#count % 2 === 0 ? X : O)
    if (this.isOver || !isTurn || typeof cell !== 'number' || ![0, 1, 2, 3, 4, 5, 6, 7, 8].includes(cell)) return false
    if ((this.#of(X) | this.#of(O)) & (1 << cell)) return false
    this.#marks[user as typeof X | typeof O] |= 1 << cell
    this.#count++
    return true
  }

  board(): Array<number | null> {
    return Array.from({length: 9}, (_, cell) => [X, O].find(user => this.#of(user) & (1 << cell)) ?? null)
  }

  #of(user: number): number {
    return this.#marks[user as typeof X | typeof O]
  }
}

const nestedDeep = (levels: number): JsonValue => JSON.parse('['.repeat(levels) + ']'.repeat(levels))

const hostile: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.jsonValue() as fc.Arbitrary<JsonValue>,
  fc.record({cell: fc.oneof(fc.jsonValue(), fc.double(), fc.integer(), fc.string())}) as fc.Arbitrary<JsonValue>,
  fc.constantFrom<JsonValue>(
    JSON.parse('{"__proto__": {"cell": 0}}'),
    JSON.parse('{"cell": {"__proto__": 0}}'),
    JSON.parse('{"constructor": {"prototype": {"cell": 0}}}'),
    {toString: 'x', valueOf: 1, cell: {valueOf: 0}},
    JSON.parse('{"then": "x", "toJSON": "y"}'),
    nestedDeep(5000),
    {cell: nestedDeep(5000)},
    'x'.repeat(300_000),
    {cell: '0'.repeat(300_000)},
  ),
)

const moves = fc.array(
  fc.record({
    userId: fc.constantFrom(X, O, X, O, X, O, STRANGER),
    action: fc.oneof(
      {arbitrary: fc.record({cell: fc.integer({min: 0, max: 8})}), weight: 6},
      {arbitrary: fc.record({cell: fc.integer({min: -2, max: 10})}), weight: 1},
      {arbitrary: hostile, weight: 1},
    ),
  }),
  {maxLength: 40},
)

test('tic-tac-toe accepts the legal moves and no others, and ends as the rules say', () => {
  fc.assert(
    fc.property(moves, list => {
      const session = begin()
      const model = new Model()
      for (const {userId, action} of list) {
        const cell = action !== null && typeof action === 'object' && !Array.isArray(action) ? action.cell : undefined
        const isLegal = model.move(userId, cell)
        const step = session.act({userId, action: action as JsonValue, ...around})
        expect(step.kind).toBe(isLegal ? 'changed' : 'refused')
        expect(stateOf(session).board).toEqual(model.board())
        expect(session.phase).toBe(model.isOver ? 'ended' : 'playing')
        expect(session.result?.winner ?? null).toBe(model.winner)
      }
    }),
    {numRuns: 500},
  )
})

test('a refused action, whatever it is, throws nothing and changes nothing', () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom(X, O, STRANGER), (action, userId) => {
      const session = begin()
      const before = session.sharedView()
      const step = session.act({userId, action, ...around})
      if (step.kind === 'changed') expect(stateOf(session).board.filter(mark => mark !== null)).toEqual([X])
      else {
        expect(step.kind).toBe('refused')
        expect(session.sharedView()).toBe(before)
        expect(session.phase).toBe('playing')
      }
    }),
    {numRuns: 500},
  )
})

test('a game that takes everything as its state shows what it took, or refuses it and stays as it was', () => {
  const echo: GameDefinition = {
    name: 'echo',
    minPlayers: 1,
    maxPlayers: 1,
    setup: () => null,
    onAction: (_state, {action}) => ({action}),
    outcome: () => undefined,
  }
  fc.assert(
    fc.property(hostile, action => {
      const session = GameSession.start({definition: echo, players: [X], ...around})
      const {kind} = session.act({userId: X, action, ...around})
      if (kind === 'changed') expect(session.sharedView()).toBe(JSON.stringify({action}))
      else expect(session.sharedView()).toBe('null')
      expect(kind === 'failed').toBe(session.phase === 'ended')
    }),
    {numRuns: 500},
  )
})
