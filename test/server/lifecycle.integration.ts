import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import {createInterface} from 'node:readline'
import {setTimeout as pause} from 'node:timers/promises'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import type {ConfigInput} from '../../src/config/schema.js'
import type {MessageAttempt, PluginHost} from '../../src/contract/plugins.js'
import {GsError} from '../../src/errors.js'
import {createServer} from '../../src/ops/create-server.js'
import {definePlugin} from '../../src/pipeline/define-plugin.js'
import type {Framing} from '../../src/protocol/frame-reader.js'
import {type Attack, type AttackedServer, testAttacks} from '../helpers/attacked-server.js'
import {CROWD_SIZE} from '../helpers/crowd-size.js'
import {RawClient} from '../helpers/raw-client.js'
import {prefixed} from '../helpers/read-frames.js'
import {bundleProgram} from '../helpers/run-program.js'
import {until} from '../helpers/until.js'

const FRAMINGS: readonly Framing[] = ['ndjson', 'length-prefixed']
const HELLO = '{"type":"hello","userId":7}'

/** A plugin of hooks for the users below 1000, which the bystanders are not. */
function pluginFor(setup: (host: PluginHost) => void, name = 'meddler') {
  return definePlugin({name, setup: host => void setup(host)})
}

/** Asks a hook about the messages of attackers only. */
function beforeMessage(ask: (attempt: MessageAttempt) => void | Promise<void>) {
  return pluginFor(host => host.hook('beforeMessage', attempt => (attempt.userId < 1000 ? ask(attempt) : undefined)))
}

function pauseFor(retryAfterMs: number): GsError {
  // biome-ignore lint/suspicious/noThenProperty: the name of the option, and nobody awaits it
  return new GsError('rate_limited', 'slow down', {then: 'pause', retryAfterMs})
}

async function expectGoodbye(client: RawClient, goodbye: object): Promise<void> {
  expect(await client.take('goodbye')).toEqual({type: 'goodbye', ...goodbye})
  await client.closed
  expect(client.frames).toEqual([])
}

const isOpen = (client: RawClient) => !client.isClosed

describe('time to say hello', () => {
  testAttacks([
    {
      name: 'is five seconds from the accept, whatever trickles in meanwhile',
      closes: {handshake_timeout: 5},
      async run(target) {
        const clients = [
          [await target.connect(), (second: number) => HELLO[second]],
          [await target.connect(), () => '\n'],
          [await target.connect(), () => ' '],
          [await target.connect(), () => ''],
          [await target.connect(), (second: number) => (second === 0 ? '{"type":"dance"}\n' : '')],
        ] as const
        for (let second = 0; second < 4; second += 1) {
          for (const [client, say] of clients) client.write(say(second) as string)
          await target.chatter()
          target.clock.advance(1000)
        }
        target.clock.advance(999)
        await target.chatter()
        expect(clients.filter(([client]) => client.isClosed)).toEqual([])
        await target.pass(250)
        for (const [client] of clients) await expectGoodbye(client, {reason: 'handshake_timeout'})
      },
    },
    {
      name: 'is told in the framing that the first byte announced',
      closes: {handshake_timeout: 1},
      async run(target) {
        const client = await target.connect({framing: 'length-prefixed'})
        await target.write(client, Buffer.of(0))
        const bytes = once(client.socket, 'data')
        await target.pass(5250)
        expect((await bytes)[0]).toEqual(prefixed('{"type":"goodbye","reason":"handshake_timeout"}'))
        await client.closed
      },
    },
    {
      name: 'runs while a proxy\u2019s header is awaited',
      options: {server: {trustedProxies: ['127.0.0.9']}},
      closes: {handshake_timeout: 2},
      async run(target) {
        const silent = await target.connect({localAddress: '127.0.0.9'})
        const slow = await target.connect({localAddress: '127.0.0.9'})
        for (const letter of 'PROXY') {
          slow.write(letter)
          await target.pass(1000)
        }
        await target.pass(250)
        for (const client of [silent, slow]) await expectGoodbye(client, {reason: 'handshake_timeout'})
      },
    },
    {
      name: 'ends for thousands of silent ones at once, and a good one gets in between them',
      closes: {handshake_timeout: CROWD_SIZE},
      async run(target) {
        const silent = await target.connectMany(CROWD_SIZE, index => ({localAddress: `127.0.${index % 100}.2`}))
        const good = await target.join(7, 5)
        await target.pass(5250)
        await Promise.all(silent.map(client => client.closed))
        expect(silent.every(client => client.frames.at(-1)?.reason === 'handshake_timeout')).toBe(true)
        good.send({type: 'heartbeat'})
        await good.take('heartbeat')
      },
    },
    {
      name: 'ends for those who announce much and send little, and they take next to no memory until then',
      closes: {handshake_timeout: CROWD_SIZE},
      async run(target) {
        const before = process.memoryUsage().arrayBuffers
        const clients = await target.connectMany(CROWD_SIZE, () => ({framing: 'length-prefixed'}))
        for (const client of clients) client.write(prefixed('{"type":"h', 4096))
        await target.chatter()
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(CROWD_SIZE * 4096)
        await target.pass(5250)
        await Promise.all(clients.map(client => client.closed))
      },
    },
    {
      name: 'is a minute on loopback without tokens, where silence is not punished either',
      options: {server: {handshakeTimeoutMs: undefined, heartbeatTimeoutMs: undefined}},
      closes: {handshake_timeout: 1},
      async run(target) {
        const [slow, never] = [await target.connect(), await target.connect()]
        await target.pass(59_900, 10_000)
        expect(isOpen(never)).toBe(true)
        slow.write(`${HELLO}\n`)
        expect(await slow.take('welcome')).toMatchObject({heartbeatIntervalMs: 15_000})
        await target.pass(500)
        await expectGoodbye(never, {reason: 'handshake_timeout'})
        await target.pass(3_600_000, 600_000)
        expect(isOpen(slow)).toBe(true)
        slow.send({type: 'heartbeat'})
        await slow.take('heartbeat')
      },
    },
  ])
})

describe('time for a frame', () => {
  testAttacks([
    ...FRAMINGS.map(
      (framing): Attack => ({
        name: `is ten seconds from its first byte, though more bytes keep coming (${framing})`,
        closes: {frame_timeout: 1},
        async run(target) {
          const client = await target.login(7, {framing})
          await target.pass(7000)
          const bytes = client.encode('{"type":"heartbeat","seq":1}')
          for (const byte of bytes.subarray(0, 10)) {
            await target.write(client, Buffer.of(byte))
            await target.pass(990, 990)
          }
          expect(isOpen(client)).toBe(true)
          await target.write(client, bytes.subarray(10, 11))
          await target.pass(500)
          await expectGoodbye(client, {reason: 'frame_timeout'})
        },
      }),
    ),
    {
      name: 'ends for a crowd that announces much and sends little, which takes next to no memory until then',
      closes: {frame_timeout: CROWD_SIZE / 4},
      async run(target) {
        const users = Array.from({length: CROWD_SIZE / 4}, (_, index) => 1000 + index)
        const clients = await Promise.all(users.map(userId => target.login(userId, {framing: 'length-prefixed'})))
        const before = process.memoryUsage().arrayBuffers
        for (const client of clients) client.write(prefixed('{"type":"c', 65_536))
        await target.chatter()
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(clients.length * 4096)
        await target.pass(10_250, 5125)
        for (const client of clients) await expectGoodbye(client, {reason: 'frame_timeout'})
      },
    },
    {
      name: 'begins anew with each frame, though there is never a moment without one',
      async run(target) {
        const client = await target.login(7)
        for (let seq = 0; seq < 6; seq += 1) {
          await target.write(client, `{"type":"heartbeat","seq":${seq}`)
          await target.pass(9000, 3000)
          await target.write(client, '}\n{"type":')
          expect(await client.take('heartbeat')).toMatchObject({seq})
          await target.pass(9000, 3000)
          await target.write(client, '"heartbeat"}\n')
          await client.take('heartbeat')
        }
      },
    },
    {
      name: 'is over with a line that turned out to be blank',
      async run(target) {
        const client = await target.login(7)
        for (const end of ['\n', '\r\n', '\n\n', ' \n']) {
          await target.write(client, ' ')
          await target.pass(2000)
          await target.write(client, end)
          await target.pass(9000, 3000)
        }
        expect(isOpen(client)).toBe(true)
        client.send({type: 'heartbeat'})
        await client.take('heartbeat')
      },
    },
    {
      name: 'does not run while the server itself does not read',
      options: {
        plugins: [
          beforeMessage(({message}) => {
            if (message.type !== 'list_rooms') return
            throw pauseFor(50_000)
          }),
        ],
      },
      async run(target) {
        const [cut, early] = [await target.login(7), await target.login(8)]
        // One pause begins in the middle of a frame, the other before one whose first byte was here earlier.
        await target.write(cut, '{"type":"list_rooms"}\n{"type":"heart')
        await target.write(early, '{"type":"list_')
        await target.pass(5000)
        await target.write(early, 'rooms"}\n{"type":"heart')
        await target.pass(44_000, 4000)
        for (const client of [cut, early]) {
          expect(await client.take('error')).toMatchObject({code: 'rate_limited', retryAfterMs: 50_000})
          client.write('beat","seq":1}\n')
        }
        await target.pass(8000)
        for (const client of [cut, early]) expect(await client.take('heartbeat')).toMatchObject({seq: 1})
        await target.pass(36_000, 4000)
        expect([cut, early].filter(isOpen)).toHaveLength(2)
      },
    },
  ])
})

describe('silence', () => {
  testAttacks([
    {
      name: 'of 45 seconds ends a connection, and its user leaves the room',
      closes: {heartbeat_timeout: 1},
      async run(target) {
        const client = await target.join(7, 5)
        await target.pass(44_000, 4000)
        expect(isOpen(client)).toBe(true)
        await target.pass(2000)
        await expectGoodbye(client, {reason: 'heartbeat_timeout'})
        expect(target.server.rooms.get(5)?.userCount).toBe(0)
      },
    },
    {
      name: 'is broken by any frame, right or wrong, but by nothing less',
      closes: {heartbeat_timeout: 2},
      async run(target) {
        const [right, wrong, refused, blank, late] = [
          await target.login(7),
          await target.login(8),
          await target.login(9),
          await target.login(10),
          await target.login(11),
        ]
        for (let round = 0; round < 5; round += 1) {
          right.write('{"type":"heartbeat"}\n')
          wrong.write('{\n')
          refused.write('{"type":"leave_room","roomId":9}\n')
          blank.write('\n')
          await target.pass(20_000, 4000)
          if (round === 2) late.write('{"type":"heartbeat"}\n')
        }
        for (const client of [blank, late]) await expectGoodbye(client, {reason: 'heartbeat_timeout'})
        expect([right, wrong, refused].filter(isOpen)).toHaveLength(3)
      },
    },
    {
      name: 'is not counted while the server stood still',
      async run(target) {
        const client = await target.login(7)
        const unwelcomed = await target.connect()
        const inFrame = await target.login(8)
        await target.write(inFrame, '{')
        for (let stall = 0; stall < 5; stall += 1) {
          target.clock.stall(60_000)
          await target.pass(500, 250)
        }
        expect([client, unwelcomed, inFrame].filter(isOpen)).toHaveLength(3)
        expect(target.server.counters.stalls).toBe(5)
        expect(target.logged.filter(({message}) => message.includes('stood still'))).toHaveLength(5)
        inFrame.write('"type":"heartbeat"}\n')
        await inFrame.take('heartbeat')
      },
    },
    {
      name: 'counts on after the server stood still',
      closes: {heartbeat_timeout: 1, handshake_timeout: 1},
      async run(target) {
        const client = await target.login(7)
        await target.pass(40_000, 4000)
        const unwelcomed = await target.connect()
        target.clock.stall(60_000)
        await target.pass(4000)
        expect([client, unwelcomed].filter(isOpen)).toHaveLength(2)
        await target.pass(2000)
        await expectGoodbye(client, {reason: 'heartbeat_timeout'})
        await expectGoodbye(unwelcomed, {reason: 'handshake_timeout'})
      },
    },
  ])
})

describe('half-closed connections', () => {
  const gates = new Map<number, () => void>()
  const gated: ConfigInput = {
    plugins: [beforeMessage(({userId}) => new Promise(resolve => void gates.set(userId, () => resolve())))],
    server: {hookTimeoutMs: 600_000},
  }

  testAttacks([
    {
      name: 'are answered for what is under way, and then closed',
      options: gated,
      closes: {client_closed: 1},
      async run(target) {
        const client = await target.login(7)
        client.socket.end(
          '{"type":"heartbeat","seq":1}\n{"type":"join_room","roomId":5}\n{"type":"heartbeat","seq":2}\n',
        )
        await target.chatter()
        expect(isOpen(client)).toBe(true)
        for (const type of ['heartbeat', 'room_joined', 'heartbeat']) {
          await target.until(() => gates.has(7), 'the hook was not asked')
          const open = gates.get(7)
          gates.delete(7)
          open?.()
          expect((await client.next())?.type).toBe(type)
        }
        await client.closed
        expect(client.frames).toEqual([])
      },
    },
    {
      name: 'are closed after a second, when the answers take longer',
      options: gated,
      closes: {client_closed: 1},
      async run(target) {
        const client = await target.login(7)
        client.socket.end('{"type":"heartbeat"}\n')
        await target.until(() => gates.delete(7), 'the hook was not asked')
        await target.pass(750, 250)
        expect(isOpen(client)).toBe(true)
        await target.pass(500, 250)
        await client.closed
        expect(client.frames).toEqual([])
      },
    },
    {
      name: 'receive all that was waiting for them',
      closes: {client_closed: 1, kicked: 1},
      options: {server: {unsentHardBytes: 64_000_000}},
      async run(target) {
        for (const isKicked of [false, true]) {
          const client = await target.join(7, 5)
          client.socket.pause()
          const text = 'x'.repeat(1000)
          const sender = await target.join(8, 5)
          let sent = 0
          while (target.server.unsentBytes < 300_000) {
            sender.send(...Array(500).fill({type: 'chat', roomId: 5, message: text}))
            sent += 500
            await sender.until(() => sender.frames.filter(({type}) => type === 'chat').length === sent)
          }
          if (isKicked) target.server.users.kick(7)
          client.socket.end()
          await target.until(() => target.server.users.get(7) === undefined, 'the connection did not close')
          client.socket.resume()
          await client.closed
          expect(client.frames.filter(({type}) => type === 'chat')).toHaveLength(sent)
          if (isKicked) expect(client.frames.at(-1)).toMatchObject({type: 'goodbye', reason: 'kicked'})
          sender.socket.end()
          await sender.closed
          target.forgetClosed(1)
        }
      },
    },
    {
      name: 'do not keep a place when they never read what they asked for',
      closes: {client_closed: 1},
      options: {server: {unsentHardBytes: 64_000_000}},
      async run(target) {
        const client = await target.join(7, 5)
        client.socket.pause()
        const request = '{"type":"list_rooms"}\n'.repeat(1000)
        while (target.server.unsentBytes < 300_000) await target.write(client, request)
        client.socket.end()
        await target.until(() => target.attackers === 0, 'the connection did not close')
        await target.pass(1500, 250)
        client.socket.resume()
        await client.closed
      },
    },
  ])
})

describe('too many, and too much', () => {
  testAttacks([
    {
      name: 'one more than the limit, and all after it, are told when to try again',
      options: {server: {maxConnections: 5}},
      closes: {server_full: 50},
      async run(target) {
        const inside = [await target.join(7, 5), await target.join(8, 5), await target.connect()]
        for (let index = 0; index < 50; index += 1) {
          const client = await target.connect()
          client.write(`${HELLO}\n`)
          await expectGoodbye(client, {reason: 'server_full', retryAfterMs: 10_000})
        }
        inside[0]?.send({type: 'chat', roomId: 5, message: 'still here'})
        await inside[1]?.take('chat')
        inside[2]?.write(`{"type":"hello","userId":9}\n`)
        await inside[2]?.take('welcome')
      },
    },
    {
      name: 'the limit may change while the server runs',
      options: {server: {maxConnections: 3}},
      closes: {server_full: 2},
      async run(target) {
        await target.login(7)
        await expectGoodbye(await target.connect(), {reason: 'server_full', retryAfterMs: 10_000})
        target.applyConfig({server: {maxConnections: 4}})
        await target.login(8)
        await expectGoodbye(await target.connect(), {reason: 'server_full', retryAfterMs: 10_000})
        target.applyConfig({server: {maxConnections: 10}})
      },
    },
    {
      name: 'short of memory nobody else is let in and nothing new begins, until it eases',
      closes: {overloaded: 2},
      async run(target) {
        const [one, other] = [await target.join(7, 5), await target.join(8, 5)]
        const anonymous = await target.connect()
        target.applyConfig({server: {maxMemoryMb: 64}})
        await target.pass(1000)
        for (const framing of FRAMINGS) {
          await expectGoodbye(await target.connect({framing}), {reason: 'overloaded', retryAfterMs: 5000})
        }
        one.send({type: 'join_room', roomId: 6, seq: 1}, {type: 'game_start', roomId: 5, game: 'relay', seq: 2})
        expect(await one.take('error')).toMatchObject({code: 'server_busy', seq: 1, retryAfterMs: 5000})
        expect(await one.take('error')).toMatchObject({code: 'server_busy', seq: 2, retryAfterMs: 5000})
        one.send({type: 'chat', roomId: 5, message: 'still here'})
        expect(await other.take('chat')).toMatchObject({message: 'still here'})
        anonymous.write('{"type":"hello","userId":9}\n')
        await anonymous.take('welcome')
        target.applyConfig({server: {maxMemoryMb: 100_000}})
        await target.pass(1000)
        one.send({type: 'join_room', roomId: 6}, {type: 'game_start', roomId: 5, game: 'relay'})
        await one.take('room_joined')
        await one.take('game_started')
        await target.login(10)
      },
    },
    {
      name: 'a slow event loop, three seconds in a row, does the same',
      closes: {overloaded: 1},
      async run(target) {
        const busy = () => {
          const endMs = performance.now() + 350
          while (performance.now() < endMs);
        }
        const client = await target.login(7)
        for (let window = 0; window < 3; window += 1) {
          await target.login(20 + window)
          // How late the loop is, a real timer finds out: one that has ticked before, and ticks again.
          await pause(60)
          busy()
          await pause(60)
          await target.pass(1000)
        }
        await expectGoodbye(await target.connect(), {reason: 'overloaded', retryAfterMs: 5000})
        client.send({type: 'join_room', roomId: 6})
        expect(await client.take('error')).toMatchObject({code: 'server_busy'})
        // The first quiet window counts.
        await target.pass(1000)
        client.send({type: 'join_room', roomId: 6})
        await client.take('room_joined')
      },
    },
  ])
})

describe('a user who comes again', () => {
  testAttacks([
    {
      name: 'a hundred times at once has one session, and the others were told',
      closes: {replaced: 99},
      async run(target) {
        const watcher = await target.join(8, 5)
        const clients = await Promise.all(Array.from({length: 100}, () => target.connect()))
        for (const client of clients) client.send({type: 'hello', userId: 7}, {type: 'join_room', roomId: 5})
        await target.until(() => clients.filter(isOpen).length === 1, 'more than one session is left')
        const [winner] = clients.filter(isOpen)
        for (const client of clients) {
          await client.until(() => client.frames.some(({type}) => type === 'welcome'))
          const last = client.frames.at(-1)
          if (client !== winner) expect(last).toMatchObject({type: 'goodbye', reason: 'replaced'})
        }
        await target.chatter()
        expect(target.server.users.count).toBe(4)
        expect(target.server.rooms.get(5)?.members).toMatchObject([{userId: 8}, {userId: 7}])
        const seen = watcher.frames.map(({type}) => type)
        expect(seen).toEqual(Array.from(seen, (_, index) => (index % 2 === 0 ? 'member_joined' : 'member_left')))
        expect(seen.at(-1)).toBe('member_joined')
      },
    },
    {
      name: 'wins over the older connection, whose late bytes mean nothing',
      closes: {replaced: 1},
      async run(target) {
        const watcher = await target.join(8, 5)
        const older = await target.join(7, 5)
        await watcher.take('member_joined')
        const newer = await target.connect()
        newer.send({type: 'hello', userId: 7})
        older.write('{"type":"chat","roomId":5,"message":"early')
        expect(await newer.next()).toMatchObject({type: 'welcome', userId: 7, games: []})
        older.write(' or late"}\n{"type":"chat","roomId":5,"message":"too late"}\n')
        expect(await older.take('goodbye')).toMatchObject({reason: 'replaced', message: expect.any(String)})
        await older.closed
        expect(await watcher.next()).toMatchObject({type: 'member_left', userId: 7})
        newer.send({type: 'chat', roomId: 5, message: 'rooms are not inherited'}, {type: 'join_room', roomId: 5})
        expect(await newer.next()).toMatchObject({code: 'not_in_room'})
        await newer.take('room_joined')
        newer.send({type: 'chat', roomId: 5, message: 'mine'})
        await newer.take('chat')
        expect((await watcher.next())?.type).toBe('member_joined')
        expect(await watcher.next()).toMatchObject({type: 'chat', message: 'mine'})
      },
    },
  ])
})

describe('behind a proxy', () => {
  const PROXY = {localAddress: '127.0.0.9'}
  const options: ConfigInput = {server: {trustedProxies: ['127.0.0.9', '127.1.0.0/16']}}
  const V2 = Buffer.from('0d0a0d0a000d0a515549540a2111000ccb0071097f0000011f901b58', 'hex')
  const LOCAL = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex')

  testAttacks([
    {
      name: 'a header says whose the connection is, in either version and in any pieces',
      options,
      async run(target) {
        const headers: readonly (readonly [string | Buffer, string])[] = [
          ['PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\n', '203.0.113.9'],
          ['PROXY TCP6 ::ffff:203.0.113.9 ::1 1 2\r\n', '203.0.113.9'],
          ['PROXY UNKNOWN\r\n', '127.0.0.9'],
          [V2, '203.0.113.9'],
          [LOCAL, '127.0.0.9'],
        ]
        for (const [index, [header, address]] of headers.entries()) {
          const hello = Buffer.from(`{"type":"hello","userId":${10 + index}}\n`)
          const whole = await target.connect(PROXY)
          whole.write(Buffer.concat([Buffer.from(header), hello]))
          await whole.take('welcome')
          expect(target.server.users.get(10 + index)?.address).toBe(address)
          const pieces = await target.connect({localAddress: '127.1.2.3'})
          for (const byte of Buffer.from(header)) {
            pieces.write(Buffer.of(byte))
            await new Promise(setImmediate)
          }
          pieces.write(`{"type":"hello","userId":${20 + index}}\n`)
          await pieces.take('welcome')
          const own = address === '127.0.0.9' ? '127.1.2.3' : address
          expect(target.server.users.get(20 + index)?.address).toBe(own)
        }
      },
    },
    {
      name: 'a conversation without a header is refused',
      options,
      closes: {bad_frame: 5},
      async run(target) {
        for (const text of [
          `${HELLO}\n`,
          'GET / HTTP/1.1\r\n',
          '\0\0\0\x02{}',
          'PROXY TCP4 x y 1 2\r\n',
          '\r\n\r\n{',
        ]) {
          const client = await target.connect(PROXY)
          client.write(text)
          await expectGoodbye(client, {reason: 'bad_frame', message: 'expected a PROXY protocol header'})
        }
      },
    },
    {
      name: 'from anybody else the header is another protocol, whatever it claims',
      options,
      closes: {wrong_protocol: 2},
      async run(target) {
        for (const localAddress of ['127.0.0.8', '127.2.0.1']) {
          const client = await target.connect({localAddress})
          client.write('PROXY TCP4 127.0.0.9 127.0.0.1 1 2\r\n{"type":"hello"}\n')
          await client.closed
          expect(client.receivedBytes).toBe(0)
        }
        // Version 2 begins with white space, and so with lines that are no JSON.
        const spoofer = await target.connect({localAddress: '127.0.0.8'})
        spoofer.write(Buffer.concat([V2, Buffer.from(`\n${HELLO}\n`)]))
        await spoofer.take('welcome')
        expect(target.server.users.get(7)?.address).toBe('127.0.0.8')
      },
    },
    {
      name: 'a header and then another protocol, or nothing, ends without a word',
      options,
      closes: {wrong_protocol: 1, client_closed: 2},
      async run(target) {
        const web = await target.connect(PROXY)
        web.write('PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\nGET / HTTP/1.1\r\n\r\n')
        const probe = await target.connect(PROXY)
        probe.socket.end(LOCAL)
        const half = await target.connect(PROXY)
        half.socket.end('PROXY TC')
        for (const client of [web, probe, half]) {
          await client.closed
          expect(client.receivedBytes).toBe(0)
        }
        const ledger = target.server.closedConnections().map(({reason, address}) => `${reason} ${address}`)
        expect(ledger.toSorted()).toEqual([
          'client_closed 127.0.0.9',
          'client_closed 127.0.0.9',
          'wrong_protocol 203.0.113.9',
        ])
      },
    },
  ])
})

describe('readers that do not read', () => {
  const LARGE: ConfigInput = {server: {maxChatCharacters: 40_000}}
  const TEXT = 'x'.repeat(39_000)

  /** Speaks to the room, 39 kB at a time and at the pace of its readers, until `isEnough`. */
  async function speakUntil(isEnough: () => boolean, readers: readonly RawClient[], sender: RawClient): Promise<void> {
    for (let index = 0; !isEnough(); index += 1) {
      if (index > 2500) throw new Error('100 MB were not enough')
      const message = `${index} ${TEXT}`
      sender.send({type: 'chat', roomId: 5, message})
      for (const reader of readers) expect((await reader.take('chat')).message === message).toBe(true)
    }
  }

  const crowd = async (target: AttackedServer, size: number) => {
    const readers: RawClient[] = []
    for (let index = 0; index < size; index += 1) {
      readers.push(await target.join(100 + index, 5, {framing: index % 2 === 0 ? 'ndjson' : 'length-prefixed'}))
    }
    return readers
  }

  testAttacks([
    {
      name: 'one stopped process in a room of fifty is cut off, and the fifty lose nothing',
      options: LARGE,
      closes: {slow_consumer: 1},
      async run(target) {
        const readers = await crowd(target, 50)
        const stopped = await startReader(target.port, 7)
        stopped.kill('SIGSTOP')
        await speakUntil(() => target.server.users.get(7) === undefined, readers, readers[0] as RawClient)
        const [entry] = target.server.closedConnections(1)
        expect(entry).toMatchObject({userId: 7, reason: 'slow_consumer'})
        expect(entry?.unsentBytes).toBeGreaterThan(1_048_576)
        expect(entry?.unsentBytes).toBeLessThan(1_048_576 + 2 * 65_536)
        for (const reader of readers) expect(await reader.take('member_left')).toMatchObject({userId: 7})
      },
    },
    {
      name: 'a little behind for too long is too long, and to catch up in time is enough',
      options: {server: {...LARGE.server, unsentHardBytes: 64_000_000, unsentSoftBytes: 262_144, unsentSoftMs: 10_000}},
      closes: {slow_consumer: 1},
      async run(target) {
        const [sender] = await crowd(target, 1)
        const [slow, late] = [await target.join(7, 5), await target.join(8, 5)]
        slow.socket.pause()
        late.socket.pause()
        await speakUntil(() => target.server.unsentBytes > 700_000, [sender as RawClient], sender as RawClient)
        await target.pass(9000)
        expect([slow, late].filter(isOpen)).toHaveLength(2)
        late.socket.resume()
        await target.until(() => target.server.unsentBytes < 500_000, 'the late reader did not catch up')
        await target.pass(3000)
        expect(target.server.users.get(7)).toBeUndefined()
        slow.socket.resume()
        await slow.closed
        expect(slow.frames.some(({type}) => type === 'goodbye')).toBe(false)
        await target.pass(20_000, 4000)
        expect(isOpen(late)).toBe(true)
      },
    },
    {
      name: 'together they have a budget, and who has the most goes first',
      options: {server: {...LARGE.server, unsentHardBytes: 16_000_000, unsentTotalBytes: 16_000_000}},
      closes: {slow_consumer: 1},
      async run(target) {
        const [sender] = await crowd(target, 1)
        const most = await target.join(7, 5)
        most.socket.pause()
        await speakUntil(() => target.server.unsentBytes > 1_500_000, [sender as RawClient], sender as RawClient)
        const less = await target.join(8, 5)
        less.socket.pause()
        await speakUntil(() => target.server.users.count < 5, [sender as RawClient], sender as RawClient)
        expect([target.server.users.get(7), target.server.users.get(8)?.userId]).toEqual([undefined, 8])
        expect(target.server.closedConnections(1)[0]?.unsentBytes).toBeLessThan(15_000_000)
        for (const client of [most, less]) client.socket.resume()
        await most.closed
      },
    },
    {
      name: 'who asks and asks without reading the answers is cut off',
      closes: {slow_consumer: 1},
      async run(target) {
        for (let roomId = 1000; roomId < 1030; roomId += 1)
          await (await target.login(roomId)).send({type: 'join_room', roomId})
        const client = await target.login(7)
        client.socket.pause()
        const request = '{"type":"list_rooms","limit":100}\n'.repeat(500)
        for (let index = 0; target.server.users.get(7) !== undefined; index += 1) {
          if (index > 500) throw new Error('250 000 answers were not enough')
          client.write(request)
          await target.chatter()
        }
        expect(target.server.closedConnections(1)[0]?.unsentBytes).toBeLessThan(3_000_000)
        client.socket.resume()
        await client.closed
      },
    },
  ])

  /** A client in a process of its own, in room 5. */
  async function startReader(port: number, userId: number) {
    const source = `
      const socket = require('node:net').connect(${port}, '127.0.0.1')
      socket.write('{"type":"hello","userId":${userId}}\\n{"type":"join_room","roomId":5}\\n')
      let text = ''
      socket.on('data', data => {
        text = (text + data).slice(-100000)
        if (text.includes('room_joined')) process.stdout.write('joined')
      })`
    const child = spawn(process.execPath, ['-e', source], {stdio: ['ignore', 'pipe', 'inherit']})
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    return child
  }
})

describe('hooks that take their time', () => {
  const late: (() => void)[] = []
  const known = {inFlight: 0, mostInFlight: 0}
  const counting = pluginFor(host => {
    known.inFlight = 0
    known.mostInFlight = 0
    const isAttacker = ({userId}: {userId: number | null}) => userId !== null && userId < 1000
    host.hook('frameReceived', frame => {
      if (!isAttacker(frame)) return
      known.inFlight += 1
      known.mostInFlight = Math.max(known.mostInFlight, known.inFlight)
    })
    host.hook('beforeMessage', attempt =>
      isAttacker(attempt) ? new Promise<void>(resolve => void setTimeout(resolve, 1)) : undefined,
    )
    host.hook('afterMessage', record => {
      if (isAttacker(record)) known.inFlight -= 1
    })
  }, 'counting')

  testAttacks([
    {
      name: 'have at most 32 messages of a connection in flight, and keep their order',
      options: {plugins: [counting], server: {badMessagesBeforeClose: 100_000}},
      async run(target) {
        for (const framing of FRAMINGS) {
          const client = await target.login(7, {framing})
          const texts = Array.from({length: 500}, (_, seq) =>
            seq % 7 === 0 ? `{"type":"dance","seq":${seq}}` : `{"type":"heartbeat","seq":${seq}}`,
          )
          client.write(Buffer.concat(texts.map(text => client.encode(text))))
          for (const seq of texts.keys()) expect((await client.next())?.seq).toBe(seq)
          client.socket.end()
          await client.closed
          target.forgetClosed(1)
        }
        expect(known).toEqual({inFlight: 0, mostInFlight: 32})
      },
    },
    {
      name: 'and never end are given up after their time, and the connection goes on',
      options: {plugins: [beforeMessage(({message}) => (message.type === 'chat' ? new Promise(() => {}) : undefined))]},
      errors: ['a plugin failed'],
      async run(target) {
        const client = await target.join(7, 5)
        await target.write(client, '{"type":"chat","roomId":5,"message":"x"}\n{"type":"heartbeat","seq":1}\n')
        await target.pass(900, 300)
        expect(client.frames).toEqual([])
        await target.pass(300, 300)
        expect(await client.next()).toMatchObject({type: 'chat'})
        expect(await client.next()).toMatchObject({type: 'heartbeat', seq: 1})
      },
    },
    {
      name: 'may end after their user is gone, and then do nothing',
      options: {plugins: [beforeMessage(() => new Promise<void>(resolve => void late.push(resolve)))]},
      closes: {read_error: 20},
      async run(target) {
        for (let round = 0; round < 20; round += 1) {
          const client = await target.login(7)
          await target.write(client, '{"type":"join_room","roomId":5}\n{"type":"chat","roomId":5,"message":"x"}\n')
          await target.until(() => late.length > 0, 'the hook was not asked')
          client.socket.resetAndDestroy()
          await target.until(() => target.attackers === 0, 'the reset connection stayed open')
          for (const end of late.splice(0)) end()
          await target.chatter()
        }
        expect([late, target.server.rooms.get(5)]).toEqual([[], undefined])
      },
    },
    {
      name: 'a pause that another refusal makes longer lasts to the later end',
      options: {
        plugins: [
          beforeMessage(async ({message}) => {
            if (message.type !== 'list_rooms') return
            throw pauseFor((message.limit ?? 1) * 1000)
          }),
        ],
      },
      async run(target) {
        const client = await target.login(7)
        const requests = [2, 9, 3].map(limit => `{"type":"list_rooms","limit":${limit}}\n`).join('')
        client.write(`${requests}{"type":"heartbeat","seq":1}\n`)
        for (let count = 0; count < 3; count += 1) await client.take('error')
        await client.take('heartbeat')
        client.write('{"type":"heartbeat","seq":2}\n')
        await target.pass(8000)
        expect(client.frames).toEqual([])
        await target.pass(1000)
        expect(await client.take('heartbeat')).toMatchObject({seq: 2})
      },
    },
  ])

  test('a hook that stops everything for two seconds is named once, and costs nobody the connection', async () => {
    const warned: {message: string; fields: object}[] = []
    const log = {
      debug() {},
      info() {},
      warn: (fields: object, message: string) => warned.push({message, fields}),
      error: vi.fn<(fields: object, message: string) => void>(),
    }
    const blocker = pluginFor(host => {
      host.hook('beforeMessage', ({message}) => {
        if (message.type !== 'list_rooms') return
        const endMs = performance.now() + 2000
        while (performance.now() < endMs);
      })
    }, 'blocker')
    const server = await createServer(
      {server: {port: 0, heartbeatTimeoutMs: 1500, maxMemoryMb: 100_000}, plugins: [blocker]},
      {log},
    )
    await using clients = new AsyncDisposableStack()
    clients.defer(async () => void (await server.close()))
    const silent: RawClient[] = []
    for (let userId = 1; userId <= 20; userId += 1) {
      silent.push(clients.use(await RawClient.login(server.address.port, userId)))
    }
    const culprit = clients.use(await RawClient.login(server.address.port, 21))
    culprit.send({type: 'list_rooms'})
    await culprit.take('room_list')
    await until(() => server.counters.stalls === 1, 'the stand-still was not noticed')
    for (const client of silent) client.send({type: 'heartbeat'})
    for (const client of silent) await client.take('heartbeat')
    expect(server.closedConnections()).toEqual([])
    expect(warned.filter(({message}) => message.startsWith('a plugin'))).toEqual([
      {message: expect.any(String), fields: {plugin: 'blocker', hook: 'beforeMessage', elapsedMs: expect.any(Number)}},
    ])
    expect(log.error).not.toHaveBeenCalled()
  })
})

describe('last words', () => {
  testAttacks([
    {
      name: 'a kick is told with its message and ends membership and seat; a second one finds nobody',
      closes: {kicked: 2},
      async run(target) {
        const watcher = await target.join(8, 5)
        for (const framing of FRAMINGS) {
          const client = await target.join(7, 5, {framing})
          await watcher.take('member_joined')
          expect(target.server.users.kick(7, 'enough')).toBe(true)
          expect(target.server.users.kick(7, 'enough')).toBe(false)
          await expectGoodbye(client, {reason: 'kicked', message: 'enough'})
          expect(await watcher.take('member_left')).toEqual({type: 'member_left', roomId: 5, userId: 7})
        }
      },
    },
    {
      name: 'a notice reaches everybody who is welcome, or one room, and nobody else',
      async run(target) {
        const [one, other, anonymous] = [
          await target.join(7, 5),
          await target.login(8, {framing: 'length-prefixed'}),
          await target.connect(),
        ]
        expect(target.server.notice('back at noon\u001b')).toBe(4)
        for (const client of [one, other]) {
          expect(await client.next()).toEqual({type: 'notice', message: 'back at noon\u001b'})
        }
        expect(target.server.notice('only here', {roomId: 5})).toBe(1)
        expect(target.server.notice('nowhere', {roomId: 6})).toBe(0)
        expect(await one.next()).toEqual({type: 'notice', message: 'only here'})
        await target.chatter()
        expect([other.frames, anonymous.receivedBytes]).toEqual([[], 0])
      },
    },
  ])

  test('a stop is told to everybody, with a time to come back that is not the same for all', async () => {
    const server = await createServer({server: {port: 0}, log: {level: 'silent'}})
    await using clients = new AsyncDisposableStack()
    const all: RawClient[] = []
    for (let userId = 1; userId <= 40; userId += 1) {
      const framing = FRAMINGS[userId % 2] as Framing
      all.push(clients.use(await RawClient.login(server.address.port, userId, {framing})))
    }
    all.push(clients.use(await RawClient.connect(server.address.port)))
    for (const client of all.slice(0, 40))
      client.send({type: 'join_room', roomId: 5}, {type: 'chat', roomId: 5, message: 'x'})
    await all[39]?.take('chat')
    const {port} = server.address
    const closing = server.close()
    expect(server.close()).toBe(closing)
    expect(await closing).toBe(true)
    const waits = new Set<number>()
    for (const client of all) {
      await client.closed
      const goodbye = client.frames.at(-1)
      expect(goodbye).toEqual({type: 'goodbye', reason: 'server_shutdown', retryAfterMs: expect.any(Number)})
      waits.add(goodbye?.retryAfterMs as number)
      // A stop is not everybody's leaving, one after the other.
      expect(client.frames.some(({type}) => type === 'member_left')).toBe(false)
    }
    for (const waitMs of waits) expect(waitMs >= 1000 && waitMs <= 3100).toBe(true)
    expect(waits.size).toBeGreaterThan(20)
    expect(server.connectionCount).toBe(0)
    await expect(RawClient.connect(port)).rejects.toThrow()
  })
})

describe('a limit of open files', () => {
  const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0
  const SOURCE = `
    import {createServer} from './src/ops/create-server.js'
    const server = await createServer({server: {port: 0}, log: {level: 'silent'}})
    console.log(server.address.port)
    process.stdin.on('data', () => {
      const reasons = server.closedConnections(10_000).map(({reason}) => reason)
      console.log(JSON.stringify({open: server.connectionCount, full: reasons.filter(reason => reason === 'server_full').length, reasons: [...new Set(reasons)]}))
    })
  `

  test.for([64, 128, 256])('of %i turns away those it has no place for, and says so', async (limit, {skip}) => {
    if (!hasPrlimit) skip('prlimit is not installed')
    const program = await bundleProgram(`descriptor-limit-${limit}`, SOURCE)
    const child = spawn('prlimit', [`--nofile=${limit}`, process.execPath, program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const port = Number((await lines.next()).value)
    const extra = 20
    const texts: string[] = []
    const sockets = Array.from({length: limit + extra}, (_, index) => {
      const socket = connect(port, '127.0.0.1')
      texts[index] = ''
      socket
        .on('error', () => {})
        .on('data', data => {
          texts[index] = `${texts[index]}${data}`
        })
      socket.write(`{"type":"hello","userId":${index + 1}}\n`)
      return socket
    })
    onTestFinished(() => sockets.forEach(socket => void socket.destroy()))
    await until(() => texts.every(text => text !== ''), 'somebody was not told anything')
    const welcome = texts.filter(text => text.includes('"welcome"')).length
    const full = texts.filter(text => text.includes('"server_full"')).length
    expect(welcome + full).toBe(limit + extra)
    expect(welcome).toBeLessThanOrEqual(Math.floor(limit * 0.8))
    expect(welcome).toBeGreaterThan(0)
    child.stdin.write('\n')
    expect(JSON.parse((await lines.next()).value as string)).toEqual({open: welcome, full, reasons: ['server_full']})
    const freed = sockets[texts.findIndex(text => text.includes('"welcome"'))] as Socket
    freed.end()
    await once(freed, 'close')
    await using late = await RawClient.login(port, 5000)
    expect(late.isClosed).toBe(false)
  })
})
