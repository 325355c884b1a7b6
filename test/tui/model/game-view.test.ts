import {describe, expect, test} from 'vitest'
import type {JsonValue} from '../../../src/contract/messages.js'
import {openRoom, type RoomGame, startConversation, updateRoom} from '../../../src/tui/model/conversation.js'
import {type GameView, gameView} from '../../../src/tui/model/game-view.js'
import {readTicTacToe} from '../../../src/tui/model/tictactoe-board.js'

const empty = {x: 2, o: 3, board: Array<number | null>(9).fill(null), next: 2, winner: null, line: null}

function viewOf(game: Partial<RoomGame>): GameView | undefined {
  const members = [{userId: 2, nickname: 'Ann'}, {userId: 3}]
  const opened = openRoom(startConversation(2), {roomId: 7, userCount: 2, members, game: null})
  const whole = {name: 'tictactoe', players: [2, 3], state: empty, previousState: undefined, ending: undefined, ...game}
  const conversation = updateRoom(opened, 7, () => ({game: whole}))
  const room = conversation.rooms.get(7)
  return room && gameView(conversation, room)
}

describe('tictactoe', () => {
  test('says whose turn it is and who plays what', () => {
    expect(viewOf({})).toMatchObject({status: 'your turn', isOwnTurn: true, players: ['X Ann (you)', 'O user 3']})
    expect(viewOf({state: {...empty, next: 3}})).toMatchObject({status: 'user 3 to move', isOwnTurn: false})
    expect(viewOf({ending: 'you won'})).toMatchObject({status: 'you won', isOwnTurn: false, isOver: true})
  })

  test('knows the last move and the winning line', () => {
    const previousState = {...empty, board: [2, 2, null, 3, 3, null, null, null, null]}
    const state = {...previousState, board: previousState.board.with(2, 2), next: null, winner: 2, line: [0, 1, 2]}
    const cells = readTicTacToe(state, previousState)?.cells ?? []
    expect(cells.map(({mark}) => mark ?? '.').join('')).toBe('XXXOO....')
    expect(cells.map(({isWinning}) => (isWinning ? 1 : 0)).join('')).toBe('111000000')
    expect(cells.map(({isLastMove}) => (isLastMove ? 1 : 0)).join('')).toBe('001000000')
  })

  test.each<[string, JsonValue]>([
    ['null', null],
    ['a list', []],
    ['no board', {x: 2, o: 3}],
    ['a short board', {...empty, board: [null]}],
    ['no players', {board: empty.board}],
  ])('of another server with %s for a state is shown as JSON', (_name, state) => {
    const view = viewOf({state})
    expect(view).toMatchObject({board: undefined, stateText: JSON.stringify(state), isOwnTurn: false})
  })
})

test('another game shows its state, safe and short', () => {
  expect(viewOf({name: 'chess', state: {fen: 'x\u009b'}})).toMatchObject({
    title: 'chess',
    status: 'being played',
    players: ['1. Ann (you)', '2. user 3'],
    stateText: '{"fen":"x\\u009b"}',
  })
  expect(viewOf({name: 'chess', state: 'x'.repeat(10_000)})?.stateText.length).toBeLessThan(500)
})
