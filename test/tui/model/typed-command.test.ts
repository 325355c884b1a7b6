import {describe, expect, test} from 'vitest'
import {COMMAND_HELP, completeCommand, parseTyped} from '../../../src/tui/model/typed-command.js'

const parse = (text: string, isOwnTurn = false) => parseTyped(text, {isOwnTurn})

test.each([
  ['hello', {kind: 'chat', text: 'hello'}],
  ['  hello  ', {kind: 'chat', text: 'hello'}],
  ['//path', {kind: 'chat', text: '/path'}],
  ['5', {kind: 'chat', text: '5'}],
  ['   ', {kind: 'nothing'}],
  ['/help', {kind: 'help'}],
  ['/WHO', {kind: 'who'}],
  ['/rooms', {kind: 'rooms'}],
  ['/quit', {kind: 'quit'}],
  ['/join 7', {kind: 'join', roomId: 7}],
  ['/join #7', {kind: 'join', roomId: 7}],
  ['/join 4294967295', {kind: 'join', roomId: 4_294_967_295}],
  ['/leave', {kind: 'leave', roomId: undefined}],
  ['/leave 8', {kind: 'leave', roomId: 8}],
  ['/start tictactoe', {kind: 'start', game: 'tictactoe', options: undefined}],
  ['/start chess {"minutes": 5}', {kind: 'start', game: 'chess', options: {minutes: 5}}],
  ['/move 1', {kind: 'act', action: {cell: 0}}],
  ['/move 9', {kind: 'act', action: {cell: 8}}],
  ['/action {"a": [1]}', {kind: 'act', action: {a: [1]}}],
  ['/end', {kind: 'end', winner: undefined}],
  ['/end 42', {kind: 'end', winner: 42}],
])('%j', (text, command) => {
  expect(parse(text)).toEqual(command)
})

test('on one’s own turn a digit alone is a move, and nothing else is', () => {
  expect(parse('5', true)).toEqual({kind: 'act', action: {cell: 4}})
  for (const text of ['0', '10', '5 of us']) expect(parse(text, true)).toEqual({kind: 'chat', text})
})

test.each([
  ['/join', 'Which room? /join 7'],
  ['/join 0', 'Which room? /join 7'],
  ['/join 4294967296', 'Which room? /join 7'],
  ['/join x', 'Which room? /join 7'],
  ['/move 0', 'Which field? They are numbered 1 to 9: /move 5'],
  ['/move', 'Which field? They are numbered 1 to 9: /move 5'],
  ['/start', 'Which game? /start tictactoe'],
  ['/action {', 'An action is JSON: /action {"cell":4}'],
  ['/hlep', 'No command /hlep. Did you mean /help?'],
  ['/jion 7', 'No command /jion. Did you mean /join?'],
  ['/x', 'No command /x. /help lists them.'],
  ['/dance', 'No command /dance. /help lists them.'],
  ['/', 'No command /. /help lists them.'],
])('%j is a problem that says what to do', (text, problem) => {
  expect(parse(text)).toEqual({kind: 'problem', text: problem})
})

describe('completion', () => {
  test.each([
    ['/le', '/leave '],
    ['/st', '/start '],
    ['/', undefined],
    ['/x', undefined],
    ['hello', undefined],
    ['/leave ', undefined],
  ])('of %j is %j', (text, whole) => expect(completeCommand(text)).toBe(whole))
})

test('every command that the help shows is one', () => {
  for (const [usage] of COMMAND_HELP) {
    if (usage.startsWith('/')) expect(parse(usage).kind).not.toBe('problem')
  }
})
