import {render} from 'ink-testing-library'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {GsClient} from '../../../../src/client/game-client.js'
import type {ServerMessage} from '../../../../src/contract/messages.js'
import {ConnectScreen} from '../../../../src/tui/ink/connect/ConnectScreen.js'
import {RoomSession} from '../../../../src/tui/model/room-session.js'
import {textColumns} from '../../../../src/util/text-columns.js'
import {answerAll, scriptedPeer} from '../../../helpers/scripted-peer.js'

const plainLook = {isColored: false, isUtf8: true}

/** A screen on a terminal of the given size, with a real client behind it. */
async function screen({columns = 80, rows = 24, look = plainLook} = {}) {
  const peer = await scriptedPeer(answerAll)
  const client = await GsClient.connect({port: peer.port, userId: 1})
  const session = new RoomSession({
    client,
    nickname: 'Ann',
    rooms: [7],
    nowMs: () => new Date(2026, 1, 1, 9, 5).getTime(),
  })
  const terminal = render(<ConnectScreen session={session} look={look} />)
  onTestFinished(async () => {
    terminal.unmount()
    await client.close()
  })
  const resize = (size: {columns: number; rows: number}) => {
    for (const [name, value] of Object.entries(size))
      Object.defineProperty(terminal.stdout, name, {value, configurable: true})
    terminal.stdout.emit('resize')
  }
  resize({columns, rows})
  const frame = () => terminal.lastFrame() ?? ''
  const shows = (part: string) => vi.waitFor(() => expect(frame()).toContain(part), {timeout: 5_000, interval: 5})
  await shows('You are in room 7')
  return {client, session, server: await peer.connection(0), frame, shows, resize, type: terminal.stdin.write}
}

const board = (cells: Array<number | null>, next: number | null, line: number[] | null = null): ServerMessage => ({
  type: 'game_state',
  roomId: 7,
  userId: 2,
  state: {x: 1, o: 2, board: cells, next, winner: line ? 1 : null, line},
})
const empty = Array<number | null>(9).fill(null)
const started: ServerMessage = {
  type: 'game_started',
  roomId: 7,
  game: 'tictactoe',
  players: [1, 2],
  state: {x: 1, o: 2, board: empty, next: 1, winner: null, line: null},
}
const bob: ServerMessage = {type: 'member_joined', roomId: 7, userId: 2, nickname: 'Bob'}

describe.each([40, 80, 200])('in %d columns', columns => {
  test('every row fits, chat and status are there, and the line being typed is last', async () => {
    const {server, frame, shows, type} = await screen({columns})
    const message = 'a message of some length that has to be wrapped on small terminals, 日本語 too. '.repeat(3)
    server.send(bob, {type: 'chat', roomId: 7, userId: 2, nickname: 'Bob', message, timestamp: 1})
    await shows('Bob: a message')
    type('typing')
    await shows('> typing')
    const rows = frame().split('\n')
    expect(rows).toHaveLength(24)
    for (const row of rows) expect(textColumns(row)).toBeLessThanOrEqual(columns)
    expect(rows.at(-2)).toContain('room 7 · 2 online')
    expect(rows.at(-1)).toBe('> typing')
  })

  test('a game fits, too', async () => {
    const {server, frame, shows} = await screen({columns, rows: 12})
    server.send(bob, started, board(empty.with(4, 1), 2))
    await shows('[X]')
    for (const row of frame().split('\n')) expect(textColumns(row)).toBeLessThanOrEqual(columns)
    expect(frame()).toContain('Bob to move')
  })
})

test('a board shows free fields, the last move and the winner', async () => {
  const {server, frame, shows} = await screen()
  server.send(bob, started)
  await shows('your turn')
  expect(frame()).toContain(['   1 │ 2 │ 3    tictactoe: your turn', '  ───┼───┼───   X Ann (you)'].join('\n'))

  const before = [1, 1, null, 2, 2, null, null, null, null]
  server.send(board(before, 1), board(before.with(2, 1), null, [0, 1, 2]))
  server.send({type: 'game_ended', roomId: 7, game: 'tictactoe', outcome: 'finished', winner: 1, durationMs: 5_000})
  await shows('tictactoe: you won')
  expect(frame()).toContain('   X │ X │[X]   tictactoe: you won')
  expect(frame()).toContain('   O │ O │ 6    O Bob')
})

test('another game is shown as JSON', async () => {
  const {server, shows} = await screen()
  server.send({type: 'game_started', roomId: 7, game: 'chess', players: [1], state: {fen: '8/8'}})
  await shows('chess: being played')
  await shows('{"fen":"8/8"}')
})

test('without UTF-8 there is nothing but ASCII on the screen', async () => {
  const {server, frame, shows} = await screen({look: {isColored: false, isUtf8: false}})
  server.send({...bob, nickname: 'Zoë'} as ServerMessage, started, board(empty.with(0, 1), 2))
  await shows('[X]')
  expect(frame()).toMatch(/^[\x20-\x7e\n]*$/)
})

test('keys edit the line, Enter sends it, and it can be recalled', async () => {
  const {server, shows, type, frame} = await screen()
  for (const key of ['hello word', '\u001b[D', 'l', '\u0001', '>', '\u0005', '!']) type(key)
  await shows('> >hello world!')
  type('\r')
  expect(await server.message(0, 'chat')).toMatchObject({message: '>hello world!'})
  expect(frame().split('\n').at(-1)).toBe('>')
  type('\u001b[A')
  await shows('> >hello world!')
  type('\u0017')
  await shows('> >hello')
  type('\u0015')
  type('/le')
  type('\t')
  await shows('> /leave')
})

test('text and Enter may come in one piece', async () => {
  const {server, type} = await screen()
  type('one\rtwo\r')
  expect(await server.message(0, 'chat')).toMatchObject({message: 'one'})
  expect(await server.message(1, 'chat')).toMatchObject({message: 'two'})
})

test('a paste of several lines becomes one, and is not sent by itself', async () => {
  const {server, type, shows} = await screen()
  type('\u001b[200~one\ntwo\u001b[201~')
  await shows('> one two')
  type('\r')
  expect(await server.message(0, 'chat')).toMatchObject({message: 'one two'})
})

test('on one’s turn a digit and Enter move', async () => {
  const {server, type, shows} = await screen()
  server.send(bob, started)
  await shows('your turn')
  type('5\r')
  expect(await server.message(0, 'game_action')).toMatchObject({action: {cell: 4}})
})

test('one can look back, and typing something comes back to the end', async () => {
  const {server, type, shows, frame} = await screen({rows: 10})
  for (let count = 0; count < 30; count += 1) {
    server.send({type: 'chat', roomId: 7, userId: 2, nickname: 'Bob', message: `message ${count}.`, timestamp: 1})
  }
  await shows('message 29.')
  type('\u001b[5~')
  await shows('more below: PgDn')
  expect(frame()).not.toContain('message 29.')
  type('\u001b[5~'.repeat(20))
  await shows('Type and press Enter to talk')
  type('hi\r')
  await shows('message 29.')
})

test('what comes in while one looks back does not move the view', async () => {
  const {server, type, shows, frame} = await screen({rows: 10})
  const say = (message: string) =>
    server.send({type: 'chat', roomId: 7, userId: 2, nickname: 'Bob', message, timestamp: 1})
  for (let count = 0; count < 30; count += 1) say(`message ${count}.`)
  await shows('message 29.')
  type('\u001b[5~')
  await shows(' 7 more below: PgDn')
  const before = frame().split('\n').slice(0, 8)
  for (let count = 0; count < 5; count += 1) say('more')
  await shows(' 12 more below: PgDn')
  expect(frame().split('\n').slice(0, 8)).toEqual(before)
  type('\u001b[6~')
  await vi.waitFor(() => expect(frame()).not.toContain('below'))
  expect(frame()).toContain('Bob: more')
})

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D on an empty line', '\u0004'],
  ['/quit', '/quit\r'],
])('%s leaves', async (_name, keys) => {
  const {session, type} = await screen()
  type(keys)
  expect(await session.finished).toBeUndefined()
})

test('Ctrl-D on a line that is not empty only erases', async () => {
  const {session, type, shows} = await screen()
  for (const key of ['ab', '\u0001', '\u0004']) type(key)
  await shows('> b')
  expect(session.snapshot.link.state).toBe('connected')
})

test('a resize is drawn at once', async () => {
  const {resize, frame} = await screen({columns: 80, rows: 24})
  resize({columns: 40, rows: 12})
  await vi.waitFor(() => expect(frame().split('\n')).toHaveLength(12))
  for (const row of frame().split('\n')) expect(textColumns(row)).toBeLessThanOrEqual(40)
})
