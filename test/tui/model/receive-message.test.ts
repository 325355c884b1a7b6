import {describe, expect, test} from 'vitest'
import type {ServerMessage} from '../../../src/contract/messages.js'
import {
  addLine,
  type Conversation,
  currentRoom,
  enterRoom,
  MAX_LINES,
  nameOf,
  startConversation,
} from '../../../src/tui/model/conversation.js'
import {receiveMessage} from '../../../src/tui/model/receive-message.js'

const joined: ServerMessage = {
  type: 'room_joined',
  roomId: 7,
  userCount: 3,
  members: [{userId: 2, nickname: 'Ann'}, {userId: 3, nickname: 'Bob'}, {userId: 42}],
  game: null,
}

function heard(...messages: ServerMessage[]): Conversation {
  return messages.reduce((known, message) => receiveMessage(known, message, 0), startConversation(2))
}

const lastLine = (conversation: Conversation) => conversation.lines.at(-1)

describe('a room', () => {
  test('that one joins becomes the one where chat goes, and says who is there', () => {
    const conversation = heard(joined)
    expect(currentRoom(conversation)).toMatchObject({roomId: 7, userCount: 3})
    expect(lastLine(conversation)).toMatchObject({kind: 'joined', text: 'You are in room 7 with Bob, user 42'})
  })

  test.each([
    [1, [{userId: 2}], 'You are in room 7, alone so far'],
    [300, [{userId: 2}, {userId: 3}], 'You are in room 7 with user 3 and 298 more'],
    [5, [{userId: 2}], 'You are in room 7 with 4 others'],
  ])('of %d is told in a line', (userCount, members, text) => {
    expect(lastLine(heard({type: 'room_joined', roomId: 7, userCount, members, game: null}))?.text).toBe(text)
  })

  test('that is joined again after a lost connection does not take the chat', () => {
    const both = heard(joined, {...joined, roomId: 8} as ServerMessage)
    const back = receiveMessage(enterRoom(both, 7), {...joined, roomId: 8} as ServerMessage, 0)
    expect(back.currentRoomId).toBe(7)
    expect(lastLine(back)?.text).toBe('You are in room 8 again with Bob, user 42')
  })

  test('counts who comes and goes, by name', () => {
    const conversation = heard(
      joined,
      {type: 'member_joined', roomId: 7, userId: 4, nickname: 'Cleo'},
      {type: 'member_left', roomId: 7, userId: 3},
      {type: 'member_left', roomId: 7, userId: 42},
    )
    expect(conversation.lines.slice(1).map(({text}) => text)).toEqual(['Cleo joined', 'Bob left', 'user 42 left'])
    expect(currentRoom(conversation)?.userCount).toBe(2)
    expect([...(currentRoom(conversation)?.members ?? [])]).toEqual([2, 4])
  })

  test('with many members is told in numbers', () => {
    const conversation = heard(joined, {type: 'members_changed', roomId: 7, joined: 20, left: 3, userCount: 320})
    expect(lastLine(conversation)?.text).toBe('20 joined, 3 left, 320 are here')
    expect(currentRoom(conversation)?.userCount).toBe(320)
  })

  test.each<[ServerMessage, string]>([
    [{type: 'room_left', roomId: 7}, 'You left room 7'],
    [{type: 'room_closed', roomId: 7, message: 'maintenance'}, 'Room 7 was closed: maintenance'],
    [
      {type: 'error', code: 'room_full', message: 'the room is full', messageType: 'join_room', roomId: 7},
      'The room is full. Look for another with /rooms. (room_full)',
    ],
  ])('that is gone leaves chat with another one: %j', (message, text) => {
    const conversation = heard({...joined, roomId: 8} as ServerMessage, joined, message)
    expect(conversation.currentRoomId).toBe(8)
    expect(conversation.rooms.has(7)).toBe(false)
    expect(lastLine(conversation)?.text).toBe(text)
  })

  test('that is not ours changes nothing', () => {
    const conversation = heard({type: 'member_left', roomId: 9, userId: 3})
    expect(conversation.rooms.size).toBe(0)
  })
})

describe('chat', () => {
  test('is marked as own or another one’s, with the name known last', () => {
    const conversation = heard(
      joined,
      {type: 'chat', roomId: 7, userId: 3, nickname: 'Robert', message: 'hi', timestamp: 1},
      {type: 'chat', roomId: 7, userId: 2, message: 'hello', timestamp: 1},
    )
    expect(conversation.lines.slice(1)).toMatchObject([
      {kind: 'chat', author: {userId: 3, name: 'Robert'}, text: 'hi', roomId: 7},
      {kind: 'own', author: {userId: 2, name: 'Ann'}, text: 'hello'},
    ])
  })

  test('brings no control characters to the terminal, nor do names, games and notices', () => {
    const evil = '\u001b[2J\u009b\u202e\n'
    const conversation = heard(
      joined,
      {type: 'chat', roomId: 7, userId: 3, nickname: evil, message: evil, timestamp: 1},
      {type: 'notice', message: evil},
      {type: 'room_list', rooms: [{roomId: 1, userCount: 1, game: evil}]},
      {type: 'game_started', roomId: 7, game: evil, players: [2, 3], state: {a: evil}},
      {type: 'game_action', roomId: 7, userId: 3, action: {a: evil}, timestamp: 1},
      {type: 'game_ended', roomId: 7, game: evil, outcome: 'finished', winner: 3, durationMs: 1},
      {type: 'error', code: 'content_rejected', message: evil, rule: evil},
      {type: 'goodbye', reason: 'kicked', message: evil},
    )
    const shown = [...conversation.lines.map(({text}) => text), ...conversation.names.values()].join('')
    expect(shown).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(shown).toContain('\\u001b[2J')
  })
})

describe('a game', () => {
  const state = {x: 2, o: 3, board: Array(9).fill(null), next: 2, winner: null, line: null}
  const started: ServerMessage = {type: 'game_started', roomId: 7, game: 'tictactoe', players: [2, 3], state}

  test('names its players with their marks', () => {
    expect(lastLine(heard(joined, started))?.text).toBe('tictactoe: X Ann (you), O Bob')
    const watched = {...started, players: [3, 42], state: {...state, x: 3, o: 42}} as ServerMessage
    expect(lastLine(heard(joined, watched))?.text).toBe('tictactoe: X Bob, O user 42. You watch')
  })

  test('is there for those who join while it is played', () => {
    const game = {name: 'tictactoe', phase: 'playing', players: [3, 42], state} as const
    const conversation = heard({...joined, game} as ServerMessage)
    expect(currentRoom(conversation)?.game).toMatchObject({name: 'tictactoe', players: [3, 42]})
    expect(lastLine(conversation)?.text).toContain('You watch')
  })

  test('remembers the state before the last move', () => {
    const moved = {...state, board: [2, ...Array(8).fill(null)], next: 3}
    const conversation = heard(joined, started, {type: 'game_state', roomId: 7, userId: 2, state: moved})
    expect(currentRoom(conversation)?.game).toMatchObject({state: moved, previousState: state})
  })

  test.each([
    ['finished', 2, 'tictactoe is over after 12 seconds: you won'],
    ['finished', 3, 'tictactoe is over after 12 seconds: Bob won'],
    ['finished', null, 'tictactoe is over after 12 seconds: a draw'],
    ['abandoned', null, 'tictactoe is over after 12 seconds: abandoned'],
    ['abandoned', 3, 'tictactoe is over after 12 seconds: abandoned, Bob won'],
    ['failed', null, 'tictactoe is over after 12 seconds: the game had a fault'],
    ['room_closed', null, 'tictactoe is over after 12 seconds: the room was closed'],
  ] as const)('that ends as %s, winner %s, says so', (outcome, winner, text) => {
    const ended: ServerMessage = {type: 'game_ended', roomId: 7, game: 'tictactoe', outcome, winner, durationMs: 12_000}
    expect(lastLine(heard(joined, started, ended))?.text).toBe(text)
  })

  test('without rules shows its actions', () => {
    const conversation = heard(joined, {type: 'game_action', roomId: 7, userId: 3, action: {x: 1}, timestamp: 1})
    expect(lastLine(conversation)?.text).toBe('Bob: {"x":1}')
  })

  test('one still has a seat in is mentioned at the welcome', () => {
    const welcome = {
      type: 'welcome',
      userId: 2,
      sessionId: '',
      server: '',
      version: '',
      protocol: 1,
      heartbeatIntervalMs: 1,
      maxFrameBytes: 1,
      games: [{roomId: 7, game: 'tictactoe', seat: 0}],
    } as const
    expect(lastLine(heard(welcome))?.text).toBe('You still have a seat at tictactoe in room 7: /join 7')
    expect(lastLine(heard(joined, welcome))?.kind).toBe('joined')
  })
})

test('an error comes in words, with the wait and what to do', () => {
  const limited = heard({
    type: 'error',
    code: 'rate_limited',
    message: 'too many messages',
    rule: 'messages',
    retryAfterMs: 2_100,
  })
  expect(lastLine(limited)).toMatchObject({
    kind: 'error',
    text: 'Too many messages. Wait 3 seconds. (rate_limited, rule messages)',
  })
  const alone = heard({type: 'error', code: 'not_enough_players', message: 'tictactoe needs 2 players'})
  expect(lastLine(alone)?.text).toBe(
    'Tictactoe needs 2 players. Somebody else has to join the room first. (not_enough_players)',
  )
})

test('what says nothing to people makes no line, nor does what a newer server says', () => {
  const messages = [
    {type: 'heartbeat', timestamp: 1},
    {type: 'ack', seq: 1},
    {type: 'weather', rain: true},
  ]
  expect(heard(...(messages as ServerMessage[])).lines).toEqual([])
})

test('names come from everywhere, and one without is the number', () => {
  const conversation = heard(joined)
  expect([2, 3, 42, 5].map(userId => nameOf(conversation, userId))).toEqual(['Ann', 'Bob', 'user 42', 'user 5'])
})

test('the scroll-back and its lines have an end', () => {
  let conversation = startConversation(2)
  for (let count = 0; count <= MAX_LINES; count += 1) {
    conversation = addLine(conversation, {kind: 'info', text: String(count), atMs: 0})
  }
  expect(conversation.lines).toHaveLength(MAX_LINES)
  expect(conversation.lines[0]).toMatchObject({id: 1, text: '1'})
  const long = addLine(conversation, {kind: 'info', text: 'x'.repeat(1_000_000), atMs: 0})
  expect(lastLine(long)?.text.length).toBeLessThan(5_000)
})
