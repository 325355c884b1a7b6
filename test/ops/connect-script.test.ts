import {PassThrough, Readable, Writable} from 'node:stream'
import {describe, expect, test, vi} from 'vitest'
import {runScript, type ScriptOptions} from '../../src/ops/connect-script.js'
import {answerAll, type Script, scriptedPeer} from '../helpers/scripted-peer.js'

/** Answers as a server with a room does: chat comes back. */
const withEcho: Script = (message, connection) => {
  answerAll(message, connection)
  const {type, roomId, message: text} = message
  if (type === 'chat')
    connection.send({type: 'chat', roomId: Number(roomId), userId: 5, message: String(text), timestamp: 1})
}

async function ran(
  lines: readonly string[] | Readable,
  options: Partial<ScriptOptions> = {},
  script: Script = withEcho,
  identity: {userId?: number} = {userId: 5},
) {
  const peer = await scriptedPeer(script)
  const printed: string[] = []
  const badLines: string[] = []
  const output = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      printed.push(chunk)
      done()
    },
  })
  const result = runScript({
    target: {port: peer.port, ...identity},
    rooms: [],
    input: lines instanceof Readable ? lines : Readable.from(lines.map(line => `${line}\n`)),
    output,
    onBadLine: (number, reason) => badLines.push(`${number}: ${reason}`),
    ...options,
  })
  const frames = () =>
    printed
      .join('')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
  return {peer, result, frames, printed, badLines}
}

const chat = (message: string, seq?: number) => JSON.stringify({type: 'chat', roomId: 7, message, seq})

describe('the hello', () => {
  test('comes from the flags, and so do the first rooms', async () => {
    const {peer, result, frames} = await ran([chat('hi', 1)], {rooms: [7, 8]})
    await result
    const sent = peer.connections[0]?.received.map(({type, roomId}) => [type, roomId])
    expect(sent?.slice(0, 4)).toEqual([
      ['hello', undefined],
      ['join_room', 7],
      ['join_room', 8],
      ['chat', 7],
    ])
    expect(frames().map(({type}) => type)).toEqual(['welcome', 'room_joined', 'room_joined', 'ack', 'chat'])
  })

  test('may be the first line when no flag says who one is', async () => {
    const hello = JSON.stringify({type: 'hello', userId: 5, nickname: 'Eve', seq: 3})
    const {peer, result, frames} = await ran([hello, chat('hi')], {}, withEcho, {})
    await result
    expect(peer.connections[0]?.received[0]).toMatchObject({type: 'hello', userId: 5, nickname: 'Eve'})
    expect(frames()[0]).toMatchObject({type: 'welcome', userId: 5, seq: 3})
    expect(frames().at(-1)).toMatchObject({type: 'chat', message: 'hi'})
  })

  test('is a guest’s when nothing says who one is, and the first line is sent all the same', async () => {
    const {peer, result} = await ran([chat('hi')], {}, answerAll, {})
    await result
    expect(peer.connections[0]?.received.map(({type}) => type)).toEqual(['hello', 'chat', 'heartbeat', 'heartbeat'])
  })
})

test('the numbers of the client’s own requests are not printed, those of the script are', async () => {
  const {result, frames} = await ran([chat('hi', 9), '{"type":"heartbeat","seq":10}'], {rooms: [7]})
  await result
  expect(frames().map(({type, seq}) => [type, seq])).toEqual([
    ['welcome', undefined],
    ['room_joined', undefined],
    ['ack', 9],
    ['chat', undefined],
    ['heartbeat', 10],
  ])
})

test('a faulty line is told with its number, and the others are sent', async () => {
  const {result, badLines, frames} = await ran(['nonsense', '', '[1]', chat('hi', 1), '"x"'])
  expect(await result).toEqual({sentMessages: 1, badLines: 3})
  expect(badLines.map(line => line.slice(0, 12))).toEqual(['1: not JSON:', '3: not a JSO', '5: not a JSO'])
  expect(frames().at(-1)).toMatchObject({type: 'chat', message: 'hi'})
})

test('what a terminal must not get is escaped, and is the same JSON all the same', async () => {
  const evil = '\u001b[2J\u009b\u202e'
  const {result, printed, frames} = await ran([chat(evil)])
  await result
  expect(printed.join('').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
  expect(frames().at(-1).message).toBe(evil)
})

describe('the end of the input', () => {
  test('is the end once every reply and echo is there', async () => {
    const late: Script = (message, connection) => {
      answerAll(message, connection)
      const echo = {type: 'chat', roomId: 7, userId: 5, message: 'late', timestamp: 1} as const
      if (message.type === 'chat') setTimeout(() => connection.send(echo, {type: 'notice', message: 'with it'}), 100)
    }
    const {result, frames} = await ran([chat('hi')], {}, late)
    await result
    expect(frames().map(({type}) => type)).toEqual(['welcome', 'chat', 'notice'])
  })

  test('does not wait for ever for an echo that never comes', async () => {
    const {result, frames} = await ran([chat('hi', 1)], {}, answerAll)
    await result
    expect(frames().map(({type}) => type)).toEqual(['welcome', 'ack'])
  })

  test('a refused message has no echo to wait for', async () => {
    const refusing: Script = (message, connection) => {
      if (message.type !== 'chat') return answerAll(message, connection)
      connection.send({type: 'error', code: 'not_in_room', message: 'no', messageType: 'chat', seq: message.seq})
    }
    // Waiting for it would outlast the test.
    const {result, frames} = await ran([chat('hi', 1)], {echoWaitMs: 3_600_000}, refusing)
    await result
    expect(frames().map(({type}) => type)).toEqual(['welcome', 'error'])
  })

  test('with a linger goes on printing for so long', async () => {
    const talking: Script = (message, connection) => {
      answerAll(message, connection)
      if (message.type === 'hello') setTimeout(() => connection.send({type: 'notice', message: 'later'}), 100)
    }
    const {result, frames} = await ran([], {lingerMs: 300}, talking)
    await result
    expect(frames().map(({type}) => type)).toEqual(['welcome', 'notice'])
  })
})

describe('a script fails', () => {
  test('when the server closes the connection, and then its input is let go', async () => {
    const input = new PassThrough()
    const {peer, result, frames} = await ran(input)
    input.write(`${chat('hi')}\n`)
    const failed = expect(result).rejects.toMatchObject({code: 'connection_closed', closeReason: 'kicked'})
    const connection = await peer.connection(0)
    await connection.message(0, 'chat')
    connection.send({type: 'goodbye', reason: 'kicked'})
    connection.socket.end()
    await failed
    expect(frames().at(-1)).toMatchObject({type: 'goodbye', reason: 'kicked'})
    expect(input.destroyed).toBe(true)
  })

  test('when a room of the flags cannot be joined', async () => {
    const full: Script = (message, connection) => {
      if (message.type !== 'join_room') return answerAll(message, connection)
      connection.send({type: 'error', code: 'room_full', message: 'full', seq: message.seq})
    }
    const {result, frames} = await ran([chat('hi')], {rooms: [7]}, full)
    await expect(result).rejects.toMatchObject({code: 'room_full'})
    expect(frames().at(-1)).toEqual({type: 'error', code: 'room_full', message: 'full'})
  })
})

test('a reader that has seen enough ends the script quietly', async () => {
  const input = new PassThrough()
  const output = new PassThrough()
  const {result} = await ran(input, {output})
  await vi.waitFor(() => expect(output.readableLength).toBeGreaterThan(0))
  output.destroy(new Error('EPIPE'))
  await result
})

describe('whoever is slow slows the others down', () => {
  test('a server that does not read: the input waits', async () => {
    let produced = 0
    const line = `${chat('x'.repeat(10_000))}\n`
    const input = Readable.from(
      (function* () {
        for (; produced < 3_000; produced += 1) yield line
      })(),
    )
    const {peer, result} = await ran(input, {}, withEcho)
    const connection = await peer.connection(0)
    await connection.message(0, 'hello')
    connection.socket.pause()
    const settledAt = async () => {
      // It stands still when two looks see the same.
      let last = -1
      await vi.waitFor(
        () => {
          const still = produced === last
          last = produced
          expect(still && produced > 0).toBe(true)
        },
        {timeout: 5_000, interval: 100},
      )
      return produced
    }
    expect(await settledAt()).toBeLessThan(2_000)
    connection.socket.resume()
    expect(await result).toMatchObject({sentMessages: 3_000})
  })

  test('a reader that does not read: the server waits', async () => {
    const output = new PassThrough()
    const {peer, result} = await ran(new PassThrough(), {output})
    const connection = await peer.connection(0)
    await vi.waitFor(() => expect(output.readableLength).toBeGreaterThan(0))
    const notice = {type: 'notice', message: 'x'.repeat(100_000)} as const
    for (let count = 0; count < 300; count += 1) connection.send(notice)
    await vi.waitFor(() => expect(output.writableNeedDrain).toBe(true))
    expect(output.readableLength + output.writableLength).toBeLessThan(2_000_000)
    expect(connection.socket.writableLength).toBeGreaterThan(1_000_000)
    output.destroy(new Error('EPIPE'))
    await result
  })
})
