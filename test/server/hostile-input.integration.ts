import {createCipheriv, createHmac} from 'node:crypto'
import {afterEach, beforeEach, describe, expect, vi} from 'vitest'
import type {ConfigInput} from '../../src/config/schema.js'
import type {Framing} from '../../src/protocol/frame-reader.js'
import {CLIENT_MESSAGE_TYPES} from '../../src/protocol/message-parser.js'
import {type Attack, type AttackedServer, testAttacks} from '../helpers/attacked-server.js'
import {CROWD_SIZE} from '../helpers/crowd-size.js'
import {ManualClock} from '../helpers/manual-clock.js'
import type {RawClient} from '../helpers/raw-client.js'
import {prefixed} from '../helpers/read-frames.js'

const FRAMINGS: readonly Framing[] = ['ndjson', 'length-prefixed']
const HELLO = '{"type":"hello","userId":7,"nickname":"ann é😀"}'

/** So that a table of mistakes is answered to its end. */
const PATIENT: ConfigInput = {server: {badMessagesBeforeClose: 100_000}}

/** The table once for each framing, with its name behind each sentence. */
function inBothFramings(table: (framing: Framing) => readonly Attack[]): Attack[] {
  return FRAMINGS.flatMap(framing => table(framing).map(attack => ({...attack, name: `${attack.name} (${framing})`})))
}

/** Sends raw texts as frames, and takes the answer to each. */
async function answersTo(client: RawClient, texts: readonly string[]) {
  client.write(Buffer.concat(texts.map(text => client.encode(text))))
  const answers = []
  for (const _ of texts) answers.push(await client.next())
  return answers
}

async function expectGoodbye(client: RawClient, reason: string): Promise<void> {
  expect(await client.take('goodbye')).toMatchObject({type: 'goodbye', reason})
  await client.closed
  expect(client.frames).toEqual([])
}

/** Connects, writes, and is closed without having been told anything. */
async function expectSilentClose(target: AttackedServer, bytes: Buffer): Promise<void> {
  const client = await target.connect()
  client.write(bytes)
  await client.closed
  expect(client.receivedBytes).toBe(0)
}

/** Bytes that look random and are the same in every run. */
function noise(seed: number, sizeBytes: number): Buffer {
  const key = Buffer.alloc(16)
  key.writeUInt32BE(seed)
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes))
}

describe('bytes that are no conversation', () => {
  const strangers: readonly (readonly [string, Buffer | string])[] = [
    ['a web request', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a web request that posts a message', `POST / HTTP/1.1\r\nContent-Length: 16\r\n\r\n${HELLO}\n`],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a TLS ClientHello', Buffer.from('16030100c8010000c40303', 'hex')],
    ['an SSH banner', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a Redis command', '*1\r\n$4\r\nPING\r\n'],
    ['an inline Redis command', 'PING\r\n'],
    ['a NATS client', 'CONNECT {"verbose":false}\r\nPING\r\n'],
    ['an MQTT CONNECT', Buffer.from('101000044d5154540402003c0004676f6f64', 'hex')],
    ['a mail client', 'EHLO example.org\r\n'],
    ['a PROXY header from nobody in particular', `PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\n${HELLO}\n`],
    ['a forwarded address', `X-Forwarded-For: 203.0.113.9\r\n${HELLO}\n`],
    ['a byte order mark', `\ufeff${HELLO}\n`],
    ['a list', '[{"type":"hello"}]\n'],
    ['a string', '"hello"\n'],
    ['one byte of no meaning', Buffer.of(0xff)],
  ]

  testAttacks([
    {
      name: 'what speaks another protocol is closed at once, and not a byte is sent back',
      closes: {wrong_protocol: strangers.length},
      async run(target) {
        for (const [, bytes] of strangers) await expectSilentClose(target, Buffer.from(bytes))
      },
    },
    {
      name: 'every first byte that begins no conversation ends it',
      closes: {wrong_protocol: 250},
      async run(target) {
        const bytes = Array.from({length: 256}, (_, byte) => byte).filter(
          byte => ![0x00, 0x09, 0x0a, 0x0d, 0x20, 0x7b].includes(byte),
        )
        await Promise.all(bytes.map(byte => expectSilentClose(target, Buffer.of(byte))))
      },
    },
    {
      name: 'random bytes, a little or a megabyte, whatever they begin with, end in a refusal and hold nothing up',
      closes: {
        total: 1000,
        among: [
          'wrong_protocol',
          'frame_too_large',
          'protocol_abuse',
          'bad_frame',
          'handshake_timeout',
          'frame_timeout',
        ],
      },
      async run(target) {
        const beginnings = ['', '{', '\0', '\0\0\0\x40', '\n']
        for (let seed = 0; seed < 1000; seed += 50) {
          const clients = await Promise.all(Array.from({length: 50}, () => target.connect()))
          for (const [index, client] of clients.entries()) {
            const beginning = Buffer.from(beginnings[index % beginnings.length] as string, 'latin1')
            client.write(Buffer.concat([beginning, noise(seed + index, index % 12 === 0 ? 1_048_576 : 8192)]))
          }
          await target.pass(11_000, 11_000)
          await target.until(() => target.attackers === 0, 'somebody was not refused')
          for (const client of clients) expect(client.receivedBytes).toBeLessThan(4096)
        }
      },
    },
    {
      name: 'ten thousand blank lines before hello and after cost nothing and mean nothing',
      async run(target) {
        const client = await target.connect()
        client.write(`${'\n'.repeat(10_000)} \r\n\t\n${HELLO}\n${'\r\n'.repeat(10_000)}{"type":"heartbeat","seq":1}\n`)
        expect(await client.next()).toMatchObject({type: 'welcome'})
        expect(await client.next()).toMatchObject({type: 'heartbeat', seq: 1})
      },
    },
  ])
})

describe('frames in pieces', () => {
  const conversation = (framing: Framing) => {
    const texts = [
      HELLO,
      '{"type":"join_room","roomId":5,"seq":1}',
      '{"type":"chat","roomId":5,"message":"日本語 😀 \\u0041","seq":2}',
      '{"type":"list_rooms","limit":1,"seq":3}',
      '{"type":"game_start","roomId":5,"game":"relay","seq":4}',
      '{"type":"game_action","roomId":5,"action":{"é":[1]},"seq":5}',
      '{"type":"game_end","roomId":5,"winner":7,"seq":6}',
      '{"type":"heartbeat","seq":7}',
      '{"type":"leave_room","roomId":5,"seq":8}',
    ]
    return Buffer.concat(texts.map(text => (framing === 'ndjson' ? Buffer.from(`${text}\n`) : prefixed(text))))
  }

  const expectAnswers = async (client: RawClient) => {
    const seen: unknown[] = []
    for (let frame = await client.next(); frame?.seq !== 8; frame = await client.next()) seen.push(frame)
    expect(seen.filter(frame => (frame as {type: string}).type === 'error')).toEqual([])
    expect(seen).toContainEqual(expect.objectContaining({type: 'chat', message: '日本語 😀 A'}))
    expect(seen).toContainEqual(expect.objectContaining({type: 'game_action', action: {é: [1]}}))
    expect(seen).toContainEqual(expect.objectContaining({type: 'game_ended', winner: 7}))
    expect(seen.flatMap(frame => (frame as {seq?: number}).seq ?? [])).toEqual([1, 2, 3, 4, 5, 6, 7])
  }

  testAttacks(
    inBothFramings(framing => [
      {
        name: 'a hello that is cut anywhere before its end, and then over, leaves no trace',
        async run(target) {
          const hello = framing === 'ndjson' ? Buffer.from(`${HELLO}\n`) : prefixed(HELLO)
          for (let length = 0; length < hello.length; length += 1) {
            const client = await target.connect({framing})
            client.socket.end(hello.subarray(0, length))
            await client.closed
            expect(client.receivedBytes).toBe(0)
          }
          expect(target.server.closedConnections(1000).map(({reason}) => reason)).toEqual(
            Array(hello.length).fill('client_closed'),
          )
          expect(target.server.users.get(7)).toBeUndefined()
          target.forgetClosed(hello.length)
        },
      },
      {
        name: 'a conversation of all messages, byte by byte, is understood',
        async run(target) {
          const client = await target.connect({framing})
          for (const byte of conversation(framing)) {
            client.write(Buffer.of(byte))
            await new Promise(setImmediate)
          }
          await expectAnswers(client)
        },
      },
      {
        name: 'a conversation in two pieces, cut anywhere, is understood',
        async run(target) {
          const bytes = conversation(framing)
          // At every offset in the tests of the readers; here often enough to meet each kind of place.
          for (let at = 1; at < bytes.length; at += 7) {
            const client = await target.connect({framing})
            await target.write(client, bytes.subarray(0, at))
            client.write(bytes.subarray(at))
            await expectAnswers(client)
            client.socket.end()
            await client.closed
            target.forgetClosed(1)
          }
        },
      },
      {
        name: 'two thousand messages in one write are answered one by one, in order',
        async run(target) {
          const client = await target.login(7, {framing})
          client.send(...Array.from({length: 2048}, (_, seq) => ({type: 'heartbeat', seq})))
          for (let seq = 0; seq < 2048; seq += 1) expect(await client.next()).toMatchObject({type: 'heartbeat', seq})
        },
      },
    ]),
  )
})

describe('frames that are too large, or of no length', () => {
  const line = (sizeBytes: number) => Buffer.from('{"type":"hello","userId":7}'.padEnd(sizeBytes))

  testAttacks([
    {
      name: 'before hello 4096 bytes are taken, and one more is not, newline or not',
      closes: {frame_too_large: 3},
      async run(target) {
        const good = await target.connect()
        good.write(Buffer.concat([line(4096), Buffer.from('\n')]))
        expect(await good.next()).toMatchObject({type: 'welcome', userId: 7})
        for (const bytes of [line(4097), Buffer.concat([line(4097), Buffer.from('\n')]), Buffer.alloc(60_000, '{')]) {
          const client = await target.connect()
          client.write(bytes)
          await expectGoodbye(client, 'frame_too_large')
        }
      },
    },
    {
      name: 'before hello the announced length decides, whatever it is',
      closes: {frame_too_large: 4, bad_frame: 1},
      async run(target) {
        const good = await target.connect({framing: 'length-prefixed'})
        good.write(prefixed(line(4096)))
        expect(await good.next()).toMatchObject({type: 'welcome', userId: 7})
        for (const announcedBytes of [4097, 65_537, 0x00ff_ffff, 0x00ff_fffe, 0]) {
          const client = await target.connect({framing: 'length-prefixed'})
          client.write(prefixed('', announcedBytes))
          await expectGoodbye(client, announcedBytes === 0 ? 'bad_frame' : 'frame_too_large')
        }
      },
    },
    {
      name: 'after hello 131072 bytes are taken, and one more is not',
      closes: {frame_too_large: 2},
      async run(target) {
        const padded = (sizeBytes: number) => '{"type":"heartbeat","seq":1}'.padEnd(sizeBytes)
        for (const framing of FRAMINGS) {
          const client = await target.login(framing === 'ndjson' ? 8 : 9, {framing})
          client.write(client.encode(padded(131_072)))
          expect(await client.next()).toMatchObject({type: 'heartbeat', seq: 1})
          client.write(client.encode(padded(131_073)))
          await expectGoodbye(client, 'frame_too_large')
        }
      },
    },
    {
      name: 'after hello the announced length decides, up to the greatest there is',
      closes: {frame_too_large: 4, bad_frame: 1},
      async run(target) {
        for (const announcedBytes of [131_073, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 0]) {
          const client = await target.login(8, {framing: 'length-prefixed'})
          client.write(prefixed('', announcedBytes))
          await expectGoodbye(client, announcedBytes === 0 ? 'bad_frame' : 'frame_too_large')
        }
      },
    },
    {
      name: 'a large frame right behind hello, in the same write, is measured by the limit after it',
      async run(target) {
        for (const framing of FRAMINGS) {
          const client = await target.connect({framing})
          client.write(Buffer.concat([client.encode(HELLO), client.encode('{"type":"heartbeat"}'.padEnd(100_000))]))
          expect(await client.next()).toMatchObject({type: 'welcome'})
          expect(await client.next()).toMatchObject({type: 'heartbeat'})
          client.socket.end()
          await client.closed
          target.forgetClosed(1)
        }
      },
    },
  ])
})

describe('messages that are none', () => {
  const bad = (code: string) => expect.objectContaining({type: 'error', code})

  testAttacks([
    {
      name: 'bytes that are no UTF-8 are refused, in a message and in hello, and nobody receives them',
      options: PATIENT,
      closes: {replaced: 1},
      async run(target) {
        const sequences = [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe6, 0x97], [0x80], [0xf4, 0x90, 0x80, 0x80]]
        const around = (before: string, bytes: readonly number[], after: string) =>
          Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])
        const listener = await target.join(8, 5)
        for (const framing of FRAMINGS) {
          const frame = (body: Buffer) =>
            framing === 'ndjson' ? Buffer.concat([body, Buffer.from('\n')]) : prefixed(body)
          const client = await target.connect({framing})
          for (const bytes of sequences) {
            client.write(frame(around('{"type":"hello","nickname":"', bytes, '"}')))
            expect(await client.next()).toEqual(bad('bad_message'))
          }
          client.send({type: 'hello', userId: 7}, {type: 'join_room', roomId: 5})
          await client.take('room_joined')
          for (const bytes of sequences) {
            client.write(frame(around('{"type":"chat","roomId":5,"message":"', bytes, '"}')))
            expect(await client.next()).toEqual(bad('bad_message'))
          }
          client.send({type: 'leave_room', roomId: 5})
          await client.take('room_left')
        }
        await target.chatter()
        expect(listener.frames.map(({type}) => type)).toEqual([
          ...['member_joined', 'member_left', 'member_joined', 'member_left'],
        ])
      },
    },
    {
      name: 'half a surrogate pair is refused wherever text is',
      options: PATIENT,
      async run(target) {
        const client = await target.connect()
        const [early] = await answersTo(client, ['{"type":"hello","nickname":"a\\ud800"}'])
        expect(early).toEqual(bad('bad_message'))
        client.send({type: 'hello', userId: 7}, {type: 'join_room', roomId: 5})
        await client.take('room_joined')
        const answers = await answersTo(client, [
          '{"type":"chat","roomId":5,"message":"\\udc00\\ud800"}',
          '{"type":"game_start","roomId":5,"game":"\\ud800"}',
          '{"type":"game_start","roomId":5,"game":"relay","options":"\\ud800"}',
          '{"type":"game_action","roomId":5,"action":{"a":["\\udfff"]}}',
          '{"type":"game_action","roomId":5,"action":{"\\ud800":1}}',
          '{"type":"heartbeat","\\ud800":1}',
        ])
        expect(answers).toEqual(Array(6).fill(bad('bad_message')))
      },
    },
    {
      name: 'keys that could change an object are refused in every message, plain or escaped, at the top or below',
      options: PATIENT,
      async run(target) {
        const keys = ['__proto__', 'constructor', 'prototype', '\\u005f_proto__', '\\u0063onstructor']
        const fields: Record<string, string> = {
          ...{join_room: '"roomId":5', leave_room: '"roomId":5', chat: '"roomId":5,"message":"x"'},
          ...{game_start: '"roomId":5,"game":"relay"', game_action: '"roomId":5,"action":1', game_end: '"roomId":5'},
        }
        const client = await target.join(7, 5)
        const tops = CLIENT_MESSAGE_TYPES.flatMap(type =>
          keys.map(
            key => `{"type":"${type}",${fields[type] === undefined ? '' : `${fields[type]},`}"${key}":{"polluted":1}}`,
          ),
        )
        const below = keys.flatMap(key => [
          `{"type":"game_action","roomId":5,"action":{"${key}":{"polluted":1}}}`,
          `{"type":"game_action","roomId":5,"action":[[{"a":{"${key}":1}}]]}`,
          `{"type":"game_start","roomId":5,"game":"relay","options":{"${key}":{"polluted":1}}}`,
        ])
        expect(await answersTo(client, [...tops, ...below])).toEqual(
          Array(tops.length + below.length).fill(bad('bad_message')),
        )
        expect({}).not.toHaveProperty('polluted')
        expect(target.server.rooms.get(5)?.game).toBeNull()
      },
    },
    {
      name: 'JSON that is too deep or too broad is refused, and what just fits is passed on',
      options: PATIENT,
      async run(target) {
        const client = await target.join(7, 5)
        client.send({type: 'game_start', roomId: 5, game: 'relay'})
        await client.take('game_started')
        const act = (action: string) => `{"type":"game_action","roomId":5,"action":${action}}`
        const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
        const keys = (count: number) =>
          JSON.stringify(Object.fromEntries(Array.from({length: count}, (_, key) => [`k${key}`, 0])))
        const refused = [
          act(nested(16)),
          act(nested(1000)),
          act(nested(60_000)),
          nested(65_000),
          act(keys(65)),
          act(keys(8000)),
        ]
        expect(await answersTo(client, refused)).toEqual(Array(6).fill(bad('bad_message')))
        const passed = [nested(15), keys(64)]
        expect(await answersTo(client, passed.map(act))).toEqual(
          passed.map(action => expect.objectContaining({type: 'game_action', userId: 7, action: JSON.parse(action)})),
        )
      },
    },
    {
      name: 'a number that no JSON can pass on does not reach a game, which would end by it',
      options: {
        ...PATIENT,
        games: [
          {
            name: 'last',
            minPlayers: 1,
            maxPlayers: 1,
            setup: () => null,
            onAction: (_state: unknown, {action}: {action: unknown}) => action,
            outcome: () => undefined,
          },
        ],
      },
      async run(target) {
        const client = await target.join(7, 5)
        client.send({type: 'game_start', roomId: 5, game: 'last'})
        await client.take('game_started')
        const act = (action: string) => `{"type":"game_action","roomId":5,"action":${action}}`
        expect(await answersTo(client, ['1e999', '[-1e999]', '{"a":1e999}'].map(act))).toEqual(
          Array(3).fill(bad('bad_message')),
        )
        expect(await answersTo(client, [act('1e308')])).toEqual([
          expect.objectContaining({type: 'game_state', state: 1e308}),
        ])
      },
    },
    {
      name: 'unknown types are answered, whatever they are, and only of a known one is the name repeated',
      options: PATIENT,
      async run(target) {
        const types = [
          '"toString"',
          '"__proto__"',
          '"constructor"',
          '"HELLO"',
          '["chat"]',
          '{}',
          'null',
          '7',
          'true',
          '""',
        ]
        const client = await target.login(7)
        const texts = [...types.map((type, seq) => `{"type":${type},"seq":${seq}}`), '{"seq":10}', '{}']
        const answers = await answersTo(client, texts)
        expect(answers).toEqual(Array(texts.length).fill(bad('unknown_type')))
        expect(answers.map(answer => answer?.seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, undefined])
        expect(answers.filter(answer => answer !== undefined && 'messageType' in answer)).toEqual([])
      },
    },
    {
      name: 'hello a second time is turned down, and the first one holds',
      options: PATIENT,
      async run(target) {
        const client = await target.connect()
        const answers = await answersTo(client, [
          HELLO,
          HELLO,
          '{"type":"hello","userId":8,"seq":3}',
          '{"type":"hello"}',
        ])
        expect(answers[0]).toMatchObject({type: 'welcome', userId: 7})
        expect(answers.slice(1)).toEqual(Array(3).fill(bad('already_authenticated')))
        expect(answers[2]).toMatchObject({seq: 3, messageType: 'hello'})
        expect([target.server.users.get(7)?.userId, target.server.users.get(8)]).toEqual([7, undefined])
      },
    },
    {
      name: 'hello for another version of the protocol is turned down, and the right one is still welcome',
      async run(target) {
        const client = await target.connect()
        const hellos = ['2', '0', '"1"', 'null', '1.5'].map(protocol => `{"type":"hello","protocol":${protocol}}`)
        expect(await answersTo(client, hellos)).toEqual(Array(5).fill(bad('bad_message')))
        client.send({type: 'hello', userId: 7, protocol: 1})
        expect(await client.next()).toMatchObject({type: 'welcome', protocol: 1})
      },
    },
    {
      name: 'nothing but hello is understood before hello',
      options: PATIENT,
      async run(target) {
        const client = await target.connect()
        const others = ['"join_room","roomId":5', '"chat","roomId":5,"message":"x"', '"heartbeat"', '"list_rooms"']
        const answers = await answersTo(
          client,
          others.map(text => `{"type":${text},"seq":4}`),
        )
        expect(answers).toEqual(Array(4).fill(expect.objectContaining({code: 'not_authenticated', seq: 4})))
        expect(target.server.rooms.get(5)).toBeUndefined()
      },
    },
  ])
})

describe('too many mistakes', () => {
  const MISTAKES = ['{', '{"type":"dance"}', '{"type":"chat"}', '[]', '{"type":"heartbeat","x":1}']
  const mistakes = (count: number) =>
    Array.from({length: count}, (_, index) => MISTAKES[index % MISTAKES.length] as string)

  testAttacks([
    {
      name: 'nine within ten seconds are answered, the tenth closes',
      closes: {protocol_abuse: 1},
      async run(target) {
        const client = await target.login(7)
        expect((await answersTo(client, mistakes(9))).map(answer => answer?.type)).toEqual(Array(9).fill('error'))
        await target.pass(9999, 9999)
        client.write('{\n')
        await expectGoodbye(client, 'protocol_abuse')
      },
    },
    {
      name: 'ten within more than ten seconds do not close, however often',
      async run(target) {
        const client = await target.login(7)
        for (let round = 0; round < 4; round += 1) {
          expect((await answersTo(client, mistakes(9))).map(answer => answer?.type)).toEqual(Array(9).fill('error'))
          await target.pass(10_000, 10_000)
        }
      },
    },
    {
      name: 'before hello they count as well, with messages that come too early',
      closes: {protocol_abuse: 1},
      async run(target) {
        const client = await target.connect()
        await answersTo(client, [...mistakes(4), ...Array(5).fill('{"type":"heartbeat"}')])
        client.write('{"type":"heartbeat"}\n')
        await expectGoodbye(client, 'protocol_abuse')
      },
    },
    {
      name: 'a hello between them does not start the count again',
      closes: {protocol_abuse: 1},
      async run(target) {
        const client = await target.connect()
        await answersTo(client, [...mistakes(5), HELLO, ...mistakes(4)])
        client.write('{\n')
        await expectGoodbye(client, 'protocol_abuse')
      },
    },
    {
      name: 'refusals that are no mistakes close nobody',
      async run(target) {
        const client = await target.join(7, 5)
        const refused = ['{"type":"hello"}', '{"type":"leave_room","roomId":6}', '{"type":"join_room","roomId":5}']
        const answers = await answersTo(client, Array(50).fill(refused).flat())
        expect(answers.map(answer => answer?.type)).toEqual(Array(150).fill('error'))
      },
    },
    {
      name: 'ten thousand of them, with nobody reading the answers, get ten answers at most',
      closes: {total: 2, among: ['protocol_abuse']},
      async run(target) {
        for (const userId of [7, 8]) {
          const client = userId === 7 ? await target.login(userId) : await target.connect()
          client.socket.pause()
          const before = target.server.counters.bytesOut
          client.write('{"type":"dance"}\n'.repeat(10_000))
          await target.until(() => target.attackers === 0, 'the flood was not ended')
          client.socket.resume()
          await client.closed
          expect(client.receivedBytes).toBeLessThan(16_384)
          expect(target.server.counters.bytesOut - before).toBeLessThan(65_536)
        }
      },
    },
  ])
})

describe('connections that end badly', () => {
  testAttacks([
    {
      name: 'what comes after the close is read by nobody and answered by nobody',
      closes: {frame_too_large: 1, protocol_abuse: 1, kicked: 1},
      async run(target) {
        const ends = [
          (client: RawClient) => client.write(Buffer.alloc(131_073, 'x')),
          (client: RawClient) => client.write('{\n'.repeat(10)),
          () => target.server.users.kick(7),
        ]
        for (const end of ends) {
          const client = await target.join(7, 5)
          end(client)
          for (let index = 0; index < 50; index += 1) client.send({type: 'chat', roomId: 5, message: 'too late'})
          await client.closed
          expect(client.frames.at(-1)).toMatchObject({type: 'goodbye'})
          expect(client.frames.filter(({type}) => type === 'chat')).toEqual([])
        }
      },
    },
    {
      name: 'a thousand resets in the middle of a frame, or of a hello, leave nothing behind',
      closes: {read_error: CROWD_SIZE / 2},
      async run(target) {
        for (let round = 0; round < CROWD_SIZE / 2; round += 100) {
          const clients = await Promise.all(
            Array.from({length: 100}, (_, index) =>
              index % 2 === 0 ? target.connect() : target.join(1000 + index, 5),
            ),
          )
          for (const client of clients) client.write('{"type":"hel')
          await target.chatter()
          for (const client of clients) client.socket.resetAndDestroy()
          await target.until(() => target.attackers === 0, 'reset connections stayed open')
        }
        expect(target.server.users.count).toBe(2)
        expect(target.server.rooms.get(5)?.userCount).toBe(0)
      },
    },
    {
      name: 'resets right after the connect, and while the server writes, harm nobody',
      closes: {total: 200, among: ['read_error', 'write_error', 'client_closed', 'wrong_protocol']},
      async run(target) {
        const opened = target.server.counters.connectionsOpened
        for (let index = 0; index < 100; index += 1) {
          const client = await target.connect()
          if (index % 2 === 0) client.write(`${HELLO}\n${'{"type":"list_rooms"}\n'.repeat(100)}`)
          client.socket.resetAndDestroy()
        }
        await target.until(() => target.attackers === 0, 'reset connections stayed open')
        // Who was gone before the accept was never a connection.
        const counted = target.server.counters.connectionsOpened - opened
        expect(counted).toBeLessThanOrEqual(100)
        for (let index = counted; index < 200; index += 1) await expectSilentClose(target, Buffer.from('GET /'))
      },
    },
    {
      name: 'everything sent before the end is acted upon and answered',
      closes: {client_closed: 2},
      async run(target) {
        for (const framing of FRAMINGS) {
          const client = await target.connect({framing})
          const texts = [
            HELLO,
            '{"type":"join_room","roomId":5}',
            ...Array(200).fill('{"type":"chat","roomId":5,"message":"x"}'),
          ]
          client.socket.end(Buffer.concat([...texts, '{"type":"heartbeat","seq":9}'].map(text => client.encode(text))))
          await client.closed
          const types = client.frames.map(({type}) => type)
          expect(types).toEqual(['welcome', 'room_joined', ...Array(200).fill('chat'), 'heartbeat'])
        }
      },
    },
  ])
})

describe('who is who', () => {
  testAttacks([
    {
      name: 'nobody speaks, plays or leaves for somebody else',
      options: PATIENT,
      async run(target) {
        const victim = await target.join(8, 5)
        const client = await target.join(7, 5)
        await victim.take('member_joined')
        const forged = [
          '{"type":"chat","roomId":5,"message":"x","userId":8}',
          '{"type":"chat","roomId":5,"message":"x","nickname":"victim"}',
          '{"type":"leave_room","roomId":5,"userId":8}',
          '{"type":"join_room","roomId":6,"userId":8}',
          '{"type":"game_action","roomId":5,"action":1,"userId":8}',
          `{"type":"chat","roomId":5,"message":"x","sessionId":"${target.server.users.get(8)?.sessionId}"}`,
        ]
        expect((await answersTo(client, forged)).map(answer => answer?.code)).toEqual(Array(6).fill('bad_message'))
        const [chat] = await answersTo(client, ['{"type":"chat","roomId":5,"message":"{\\"userId\\":8}\\n"}'])
        expect(chat).toMatchObject({type: 'chat', userId: 7, message: '{"userId":8}\n'})
        expect(await victim.next()).toMatchObject({type: 'chat', userId: 7})
        expect(target.server.users.get(8)?.roomIds).toEqual([5])
      },
    },
    {
      name: 'a room that exists and one that does not are refused in the same words',
      async run(target) {
        await target.join(8, 5)
        const client = await target.login(7)
        const ask = (roomId: number) =>
          answersTo(client, [
            `{"type":"chat","roomId":${roomId},"message":"x"}`,
            `{"type":"leave_room","roomId":${roomId}}`,
            `{"type":"game_start","roomId":${roomId},"game":"relay"}`,
            `{"type":"game_start","roomId":${roomId},"game":"nonsense"}`,
            `{"type":"game_action","roomId":${roomId},"action":1}`,
            `{"type":"game_end","roomId":${roomId}}`,
          ])
        const [existing, missing] = [await ask(5), await ask(6)]
        expect(existing.map(answer => answer?.code)).toEqual(Array(6).fill('not_in_room'))
        expect(JSON.stringify(existing)).toBe(JSON.stringify(missing).replaceAll('6', '5'))
        expect(target.server.rooms.get(6)).toBeUndefined()
      },
    },
    {
      name: 'room ids that are none are refused before anything is looked up',
      options: PATIENT,
      async run(target) {
        const client = await target.login(7)
        const ids = [
          '0',
          '-1',
          '1.5',
          '4294967296',
          '1e999',
          '"5"',
          '"../5"',
          '"*"',
          '"5 "',
          'null',
          'true',
          '[5]',
          '{}',
          '""',
        ]
        const answers = await answersTo(
          client,
          ids.map(id => `{"type":"join_room","roomId":${id}}`),
        )
        expect(answers.map(answer => answer?.code)).toEqual(Array(ids.length).fill('bad_message'))
        expect(await answersTo(client, ['{"type":"join_room","roomId":4294967294}'])).toMatchObject([
          {type: 'room_joined'},
        ])
      },
    },
    {
      name: 'nicknames that hide or reorder text are refused, and others are passed on as they are',
      options: PATIENT,
      async run(target) {
        const client = await target.connect()
        const bad = [
          '',
          ' ',
          'x'.repeat(33),
          'a\nb',
          'a\u001b[2J',
          'a\u0007',
          '\u202eevil',
          'a\u2066b',
          '\u200b',
          'a\u0085b',
          '😀'.repeat(33),
        ]
        const hellos = bad.map(nickname => JSON.stringify({type: 'hello', nickname}))
        const answers = await answersTo(client, hellos)
        expect(answers.map(answer => answer?.code)).toEqual(Array(bad.length).fill('bad_message'))
        const good = ['x', '😀'.repeat(32), '<script>', '%s%n', '"\\', '__proto__', `e${'\u0301'.repeat(31)}`]
        for (const [index, nickname] of good.entries()) {
          const named = await target.login(100 + index, {hello: {nickname}})
          named.send({type: 'join_room', roomId: 5})
          expect((await named.take('room_joined')).members.at(-1)).toEqual({userId: 100 + index, nickname})
          named.send({type: 'chat', roomId: 5, message: 'x'})
          expect(await named.take('chat')).toMatchObject({nickname})
        }
      },
    },
    {
      name: 'two guests never get the same id, and no guest gets a user\u2019s',
      async run(target) {
        const guests = await Promise.all(Array.from({length: 50}, () => target.connect()))
        const ids = new Set<number>()
        for (const guest of guests) {
          guest.send({type: 'hello'})
          ids.add((await guest.take('welcome')).userId)
        }
        expect(ids.size).toBe(50)
        for (const id of ids) expect(id >= 3_000_000_000 && id <= 3_999_999_999).toBe(true)
      },
    },
  ])
})

describe('what is said', () => {
  testAttacks([
    {
      name: 'newlines, escapes and links are data, and arrive as they were sent',
      async run(target) {
        const messages = [
          '\n'.repeat(1000),
          '\u001b[2J\u001b]0;title\u0007',
          '\u001b]52;c;aGVsbG8=\u0007\u001b]8;;http://example.org\u001b\\x\u001b]8;;\u001b\\',
          '\u009b31m\u0085\u2028\u2029\0',
          '\r\n{"type":"goodbye","reason":"kicked"}\r\n',
          '%s%d%n $HOME $(id) `id` \\u0041 <b>',
          'e\u0301\u0327 \u202e \u200b \ufdfa \ufffe',
        ]
        const [one, other] = [await target.join(7, 5), await target.join(8, 5, {framing: 'length-prefixed'})]
        one.send(...messages.map(message => ({type: 'chat', roomId: 5, message})))
        for (const message of messages) {
          expect(await one.take('chat')).toMatchObject({userId: 7, message})
          expect(await other.take('chat')).toMatchObject({userId: 7, message})
        }
      },
    },
    {
      name: 'its length is counted in characters, and too much of it is nobody\u2019s mistake',
      async run(target) {
        const client = await target.join(7, 5)
        const texts = ['x'.repeat(1000), '😀'.repeat(1000), '\u0001'.repeat(1000)]
        client.send(...texts.map(message => ({type: 'chat', roomId: 5, message})))
        for (const message of texts) expect(await client.next()).toMatchObject({type: 'chat', message})
        const long = ['x'.repeat(1001), '😀'.repeat(1001), '\n'.repeat(65_000)]
        for (let round = 0; round < 5; round += 1) {
          client.send(...long.map((message, seq) => ({type: 'chat', roomId: 5, message, seq})))
          for (const seq of long.keys()) expect(await client.next()).toMatchObject({code: 'message_too_large', seq})
        }
      },
    },
  ])
})

describe('rooms without end', () => {
  testAttacks([
    {
      name: 'a user has a limit of rooms, and a room left makes place for one',
      options: {server: {roomsPerUser: 3}},
      async run(target) {
        const client = await target.login(7)
        const join = (roomId: number) => `{"type":"join_room","roomId":${roomId}}`
        const answers = await answersTo(client, [1, 2, 3, 4, 5].map(join))
        expect(answers.map(answer => answer?.code ?? answer?.type)).toEqual([
          ...['room_joined', 'room_joined', 'room_joined', 'limit_reached', 'limit_reached'],
        ])
        await answersTo(client, ['{"type":"leave_room","roomId":2}'])
        expect(await answersTo(client, [join(4), join(4), join(5)])).toMatchObject([
          {type: 'room_joined', roomId: 4},
          {code: 'already_in_room'},
          {code: 'limit_reached'},
        ])
        expect(target.server.users.get(7)?.roomIds).toEqual([1, 3, 4])
      },
    },
    {
      name: 'a room has a limit of members',
      options: {server: {membersPerRoom: 2}},
      async run(target) {
        const [one] = [await target.join(7, 5), await target.join(8, 5)]
        const late = await target.login(9)
        expect(await answersTo(late, ['{"type":"join_room","roomId":5}'])).toMatchObject([
          {code: 'room_full', roomId: 5},
        ])
        one.socket.end()
        await one.closed
        target.forgetClosed(1)
        await target.until(() => target.server.rooms.get(5)?.userCount === 1, 'the member did not leave')
        expect(await answersTo(late, ['{"type":"join_room","roomId":5}'])).toMatchObject([{type: 'room_joined'}])
      },
    },
    {
      name: 'the server has a limit of rooms, and empty ones give way when it is reached',
      options: {server: {maxRooms: 4, emptyRoomTtlMs: 60_000}},
      async run(target) {
        const client = await target.login(7)
        const join = (roomId: number) => `{"type":"join_room","roomId":${roomId}}`
        // The bystanders have one.
        expect(await answersTo(client, [1, 2, 3, 4].map(join))).toMatchObject([
          ...Array(3).fill({type: 'room_joined'}),
          {code: 'limit_reached'},
        ])
        await answersTo(client, ['{"type":"leave_room","roomId":3}'])
        expect(target.server.rooms.get(3)?.userCount).toBe(0)
        expect(await answersTo(client, [join(4)])).toMatchObject([{type: 'room_joined', roomId: 4}])
        expect(target.server.rooms.get(3)).toBeUndefined()
        expect(await answersTo(client, [join(3)])).toMatchObject([{code: 'limit_reached'}])
      },
    },
    {
      name: 'a thousand joins and leaves, in step and out of it, leave no ghosts',
      async run(target) {
        const clients = await Promise.all(Array.from({length: 10}, (_, index) => target.login(100 + index)))
        const turns = Array.from({length: 100}, (_, turn) => turn)
        for (const [index, client] of clients.entries()) {
          client.send(
            ...turns.flatMap(turn => {
              const roomId = 1 + ((turn * 7 + index) % 5)
              return [
                {type: 'join_room', roomId},
                {type: 'chat', roomId, message: 'x'},
                {type: 'leave_room', roomId},
              ]
            }),
            {type: 'join_room', roomId: 9, seq: 1},
          )
        }
        for (const client of clients) {
          await client.until(() => client.frames.some(({type, seq}) => type === 'room_joined' && seq === 1))
          expect(client.frames.filter(({type}) => type === 'error')).toEqual([])
          expect(client.frames.filter(({type}) => type === 'room_joined')).toHaveLength(101)
          expect(client.frames.filter(({type}) => type === 'room_left')).toHaveLength(100)
        }
        expect([1, 2, 3, 4, 5, 9].map(roomId => target.server.rooms.get(roomId)?.userCount)).toEqual([
          0, 0, 0, 0, 0, 10,
        ])
        for (const index of clients.keys()) expect(target.server.users.get(100 + index)?.roomIds).toEqual([9])
      },
    },
    {
      name: 'members who vanish in the middle of it are gone from everywhere',
      closes: {read_error: 20},
      async run(target) {
        const watcher = await target.join(7, 5)
        for (let round = 0; round < 4; round += 1) {
          const clients = await Promise.all(Array.from({length: 5}, (_, index) => target.join(100 + index, 5)))
          for (const client of clients) client.send({type: 'leave_room', roomId: 5}, {type: 'join_room', roomId: 5})
          await target.chatter()
          for (const client of clients) client.socket.resetAndDestroy()
          await target.until(() => target.attackers === 1, 'the vanished stayed')
        }
        await watcher.until(() => watcher.frames.filter(({type}) => type === 'member_left').length === 40)
        expect(watcher.frames.filter(({type}) => type === 'member_joined')).toHaveLength(40)
        expect(target.server.rooms.get(5)?.members).toMatchObject([{userId: 7}])
      },
    },
  ])
})

describe('tokens', () => {
  const SECRET = 'a-secret-of-thirty-two-bytes-yes'
  // Tokens are judged by the server’s clock, which begins here.
  const nowS = () => Math.floor(new ManualClock().nowMs() / 1000)

  function sign(claims: object, {alg = 'HS256', secret = SECRET, hash = 'sha256'} = {}): string {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const body = `${encode({alg, typ: 'JWT'})}.${encode(claims)}`
    return `${body}.${alg === 'none' ? '' : createHmac(hash, secret).update(body).digest('base64url')}`
  }

  const valid = (userId: number) => sign({sub: String(userId), exp: nowS() + 600})
  const credentials = (userId: number) => ({token: valid(userId)})
  const options: ConfigInput = {auth: {mode: 'token'}}

  beforeEach(() => void vi.stubEnv('GS_AUTH_SECRET', SECRET))
  afterEach(() => void vi.unstubAllEnvs())

  const withoutSignature = (token: string) => `${token.slice(0, token.lastIndexOf('.'))}.`
  const refused: readonly (readonly [string, () => object])[] = [
    ['no token', () => ({userId: 7})],
    ['no token and no id', () => ({})],
    ['no JWT', () => ({token: 'abc'})],
    ['dots only', () => ({token: '..'})],
    ['half a surrogate pair', () => ({token: '\ud800'.toWellFormed()})],
    ['a wrong secret', () => ({token: sign({sub: '7', exp: nowS() + 600}, {secret: `${SECRET}!`})})],
    ['a signature that is cut', () => ({token: valid(7).slice(0, -1)})],
    ['no signature', () => ({token: withoutSignature(valid(7))})],
    ['no algorithm', () => ({token: sign({sub: '7', exp: nowS() + 600}, {alg: 'none'})})],
    ['no algorithm, oddly spelled', () => ({token: sign({sub: '7', exp: nowS() + 600}, {alg: 'nOnE'})})],
    ['another algorithm', () => ({token: sign({sub: '7', exp: nowS() + 600}, {alg: 'HS512', hash: 'sha512'})})],
    ['another algorithm by name only', () => ({token: sign({sub: '7', exp: nowS() + 600}, {alg: 'RS256'})})],
    ['expired', () => ({token: sign({sub: '7', exp: nowS() - 1})})],
    ['no expiry', () => ({token: sign({sub: '7'})})],
    ['an expiry that is text', () => ({token: sign({sub: '7', exp: String(nowS() + 600)})})],
    ['not valid yet', () => ({token: sign({sub: '7', exp: nowS() + 600, nbf: nowS() + 300})})],
    ['no subject', () => ({token: sign({exp: nowS() + 600})})],
    ...['', '0', '-7', '7.0', '7e0', ' 7', '07', '4294967296', 'ann', '99999999999999999999'].map(
      sub => [`the subject "${sub}"`, () => ({token: sign({sub, exp: nowS() + 600})})] as const,
    ),
    ['a subject that is a number', () => ({token: sign({sub: 7, exp: nowS() + 600})})],
    ['another id beside it', () => ({token: valid(7), userId: 8})],
    [
      'claims changed after signing',
      () => {
        const [head, , signature] = valid(7).split('.')
        const claims = Buffer.from(JSON.stringify({sub: '8', exp: nowS() + 600})).toString('base64url')
        return {token: [head, claims, signature].join('.')}
      },
    ],
  ]

  testAttacks([
    {
      name: 'whatever is wrong with one, the answer is the same and tells nothing',
      options,
      credentials,
      closes: {auth_failed: refused.length},
      async run(target) {
        for (const [what, hello] of refused) {
          const client = await target.connect()
          client.send({type: 'hello', ...hello(), seq: 1})
          await client.closed
          expect(client.frames, what).toEqual([{type: 'goodbye', reason: 'auth_failed'}])
        }
        expect(target.server.users.get(7)).toBeUndefined()
      },
    },
    {
      name: 'a right one says who its bearer is, alone or beside the same id, and may be used again',
      options,
      credentials,
      closes: {replaced: 1},
      async run(target) {
        const token = valid(7)
        for (const hello of [{token}, {token, userId: 7}]) {
          const client = await target.connect()
          client.send({type: 'hello', ...hello})
          expect(await client.next()).toMatchObject({type: 'welcome', userId: 7})
        }
        await target.until(() => target.attackers === 1, 'the older session did not end')
        await target.chatter()
      },
    },
    {
      name: 'what follows a hello in the same write waits until the token has been looked at',
      options,
      credentials,
      closes: {auth_failed: 1},
      async run(target) {
        const client = await target.connect()
        client.send({type: 'hello', token: valid(7)}, {type: 'join_room', roomId: 5}, {type: 'hello', token: valid(8)})
        expect((await client.next())?.type).toBe('welcome')
        expect((await client.next())?.type).toBe('room_joined')
        expect((await client.next())?.code).toBe('already_authenticated')
        const forger = await target.connect()
        forger.send({type: 'hello', token: 'x.y.z'}, {type: 'join_room', roomId: 6}, {type: 'hello', token: valid(8)})
        await expectGoodbye(forger, 'auth_failed')
        expect([target.server.rooms.get(6), target.server.users.get(8)]).toEqual([undefined, undefined])
      },
    },
    {
      name: 'a large frame behind a hello whose token is being looked at is measured by the limit after it',
      options,
      credentials,
      async run(target) {
        for (const framing of FRAMINGS) {
          const client = await target.connect({framing})
          client.send({type: 'hello', token: valid(7)})
          client.write(client.encode('{"type":"heartbeat"}'.padEnd(100_000)))
          expect((await client.next())?.type).toBe('welcome')
          expect((await client.next())?.type).toBe('heartbeat')
          client.socket.end()
          await client.closed
          target.forgetClosed(1)
        }
      },
    },
  ])
})
