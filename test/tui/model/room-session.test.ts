import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {GsClient} from '../../../src/client/game-client.js'
import {RoomSession} from '../../../src/tui/model/room-session.js'
import {answerAll, type Script, scriptedPeer, welcome} from '../../helpers/scripted-peer.js'

async function started(rooms: readonly number[], script: Script = answerAll) {
  const peer = await scriptedPeer(script)
  const client = await GsClient.connect({port: peer.port, userId: 1, reconnect: {baseDelayMs: 1}})
  onTestFinished(() => client.close())
  const session = new RoomSession({client, nickname: 'Ann', rooms, nowMs: () => 0})
  return {peer, client, session, server: await peer.connection(0)}
}

const texts = (session: RoomSession) => session.snapshot.conversation.lines.map(({text}) => text)

/** Until the session shows a line with `part`. */
const shows = (session: RoomSession, part: string) =>
  vi.waitFor(() => expect(texts(session).join('\n')).toContain(part), {timeout: 5_000, interval: 5})

test('the first two lines say how to use it', async () => {
  const {session} = await started([])
  expect(texts(session)).toEqual([
    'Type and press Enter to talk. /help lists the commands, /quit leaves.',
    'You are in no room yet: /join 7 enters one, /rooms lists them.',
  ])
})

test('rooms given at the start are joined, and chat goes to the first', async () => {
  const {session, server} = await started([7, 8])
  await server.message(1, 'join_room')
  await shows(session, 'You are in room 8')
  await vi.waitFor(() => expect(session.snapshot.conversation.currentRoomId).toBe(7))
  session.submit('hi')
  expect(await server.message(0, 'chat')).toMatchObject({roomId: 7, message: 'hi'})
})

test.each([
  ['/start chess {"a":1}', {type: 'game_start', roomId: 7, game: 'chess', options: {a: 1}}],
  ['/move 5', {type: 'game_action', roomId: 7, action: {cell: 4}}],
  ['/end 3', {type: 'game_end', roomId: 7, winner: 3}],
  ['/leave', {type: 'leave_room', roomId: 7}],
  ['/leave 8', {type: 'leave_room', roomId: 8}],
  ['/join 9', {type: 'join_room', roomId: 9}],
  ['/rooms', {type: 'list_rooms'}],
])('%j goes on the wire', async (text, message) => {
  const {session, server} = await started([7])
  await shows(session, 'You are in room 7')
  session.submit(text)
  await vi.waitFor(() => expect(server.received.at(-1)).toMatchObject(message))
})

test('outside of rooms a line says where to go, and nothing is sent', async () => {
  const {session, server} = await started([])
  for (const text of ['hi', '/who', '/start tictactoe', '/leave']) session.submit(text)
  expect(texts(session).slice(2)).toEqual(Array(4).fill('You are in no room: /join 7 enters one, /rooms lists them.'))
  expect(server.received).toHaveLength(1)
})

test('a room one is in is turned to, not joined', async () => {
  const {session, server} = await started([7, 8])
  await shows(session, 'You are in room 8')
  session.submit('/join 8')
  await shows(session, 'What you say goes to room 8 now.')
  session.submit('hi')
  expect(await server.message(0, 'chat')).toMatchObject({roomId: 8})
})

test('help and who come as lines', async () => {
  const {session, server} = await started([7])
  await shows(session, 'You are in room 7')
  server.send(
    {type: 'member_joined', roomId: 7, userId: 3},
    {type: 'member_joined', roomId: 7, userId: 4, nickname: 'Bob'},
  )
  await shows(session, 'Bob joined')
  session.submit('/who')
  session.submit('/help')
  expect(texts(session)).toContain('In room 7: Ann (1) - you, user 3, Bob (4)')
  expect(texts(session)).toContain('/quit             leave; so do Ctrl-C and Ctrl-D')
})

describe('an error', () => {
  test('of the server is shown once', async () => {
    const {session} = await started([7], (message, connection) => {
      if (message.type !== 'chat') return answerAll(message, connection)
      connection.send({type: 'error', code: 'rate_limited', message: 'too many', retryAfterMs: 900, seq: message.seq})
    })
    await shows(session, 'You are in room 7')
    session.submit('hi')
    session.submit('/rooms')
    await shows(session, 'There are no rooms yet')
    expect(texts(session).filter(text => text.includes('rate_limited'))).toEqual([
      'Too many. Wait 1 second. (rate_limited)',
    ])
  })

  test('of our own is shown, too', async () => {
    const {session} = await started([7], (message, connection) => {
      if (message.type === 'hello') connection.send(welcome(message, {maxFrameBytes: 100}))
      else answerAll(message, connection)
    })
    await shows(session, 'You are in room 7')
    session.submit('x'.repeat(200))
    await shows(session, 'Make it shorter. (message_too_large)')
  })
})

test('a lost connection is told, and told again when it is back', async () => {
  const {session, server} = await started([7])
  await shows(session, 'You are in room 7')
  server.socket.destroy()
  await shows(session, 'Connecting again ...')
  await shows(session, 'You are in room 7 again')
  expect(texts(session)).toContain('Connected again.')
  expect(session.snapshot.link).toEqual({state: 'connected'})
})

test('what is said without a connection is not lost silently', async () => {
  const peer = await scriptedPeer(answerAll)
  const client = await GsClient.connect({
    port: peer.port,
    userId: 1,
    reconnect: {baseDelayMs: 60_000},
    random: () => 0.9,
  })
  onTestFinished(() => client.close())
  const session = new RoomSession({client, rooms: [7], nowMs: () => 0})
  await shows(session, 'You are in room 7')
  await peer.close()
  await shows(session, 'Connecting again ...')
  session.submit('hi')
  await shows(session, 'Not sent: there is no connection.')
})

test('a round trip is measured by itself', async () => {
  const {session} = await started([])
  await vi.waitFor(() => expect(session.snapshot.latencyMs).toBeGreaterThanOrEqual(0), {timeout: 5_000})
})

describe('the end', () => {
  test('has no reason when the person leaves', async () => {
    const {session} = await started([])
    session.submit('/quit')
    expect(await session.finished).toBeUndefined()
    expect(session.snapshot.link).toEqual({state: 'closed'})
  })

  test('has the server’s reason when it is final', async () => {
    const {session, server} = await started([])
    server.send({type: 'goodbye', reason: 'kicked', message: 'be nice'})
    server.socket.end()
    expect(await session.finished).toMatchObject({code: 'connection_closed', closeReason: 'kicked'})
    expect(texts(session).at(-1)).toBe('Goodbye from the server: be nice')
  })
})
