import {describe, expect} from 'vitest'
import {definePlugin} from '../../src/pipeline/define-plugin.js'
import {type AttackedServer, testAttacks} from '../helpers/attacked-server.js'
import type {RawClient} from '../helpers/raw-client.js'

const ROOM = 5
const SIDE_ROOM = 6

/** Users in one room, half of them in each framing. */
async function seat(target: AttackedServer, firstUserId: number, count: number, roomId = ROOM): Promise<RawClient[]> {
  const userIds = Array.from({length: count}, (_, index) => firstUserId + index)
  return Promise.all(
    userIds.map(userId => target.join(userId, roomId, {framing: userId % 2 === 0 ? 'ndjson' : 'length-prefixed'})),
  )
}

/** Makes users stop reading, and takes up in a room beside what the kernel holds for them, up to `unsentBytes` in all. */
async function stopReading(target: AttackedServer, clients: readonly RawClient[], unsentBytes: number): Promise<void> {
  for (const client of clients) client.socket.pause()
  const speaker = await target.join(99, SIDE_ROOM)
  for (let said = 0; target.server.unsentBytes < unsentBytes; said += 1) {
    if (said > 1000) throw new Error('30 MB for each were not enough')
    speaker.send({type: 'chat', roomId: SIDE_ROOM, message: 'x'.repeat(30_000)})
    await speaker.take('chat')
  }
}

describe('one who says much to many', () => {
  const BUDGET_BYTES = 8_000_000
  const watch = {look: () => {}}
  const watcher = definePlugin({name: 'watcher', setup: host => host.hook('afterMessage', () => watch.look())})

  testAttacks([
    {
      name: 'reaches all who read, in order; who does not read is cut off; what is unsent stays within its budget',
      options: {plugins: [watcher], server: {unsentTotalBytes: BUDGET_BYTES, maxChatCharacters: 40_000}},
      closes: {slow_consumer: 30},
      async run(target) {
        const readers = await seat(target, 100, 200)
        const stopped = await seat(target, 500, 30, SIDE_ROOM)
        await stopReading(target, stopped, 6_000_000)
        for (const client of stopped) client.send({type: 'join_room', roomId: ROOM})
        await target.until(() => target.server.rooms.get(ROOM)?.userCount === 230, 'not all have joined')
        const [speaker] = readers as [RawClient]
        speaker.send({type: 'game_start', roomId: ROOM, game: 'relay'})
        let mostUnsentBytes = 0
        watch.look = () => {
          mostUnsentBytes = Math.max(mostUnsentBytes, target.server.unsentBytes)
        }

        // Nobody waits for anybody: by then those who do not read have 1.4 MB before them, if they are still there.
        const numbers = Array.from({length: 24}, (_, index) => index)
        const text = 'x'.repeat(60_000)
        speaker.send(...numbers.map(index => ({type: 'game_action', roomId: ROOM, action: [index, text]})))
        const heard = await Promise.all(
          readers.map(async reader => {
            const indexes: number[] = []
            for (const _ of numbers) indexes.push(((await reader.take('game_action')).action as [number])[0])
            return indexes
          }),
        )
        for (const indexes of heard) expect(indexes).toEqual(numbers)
        expect(target.server.rooms.get(ROOM)?.userCount).toBe(readers.length)
        expect(mostUnsentBytes).toBeGreaterThan(BUDGET_BYTES * 0.7)
        expect(mostUnsentBytes).toBeLessThanOrEqual(BUDGET_BYTES)
        for (const client of stopped) client.socket.resume()
      },
    },
  ])
})

describe('one who reads 5 kB a second', () => {
  /** Reads so many bytes, and not one more. */
  async function read(client: RawClient, sizeBytes: number): Promise<void> {
    for (let left = sizeBytes; left > 0 && !client.isClosed; ) {
      const chunk: Buffer | null = client.socket.read(Math.min(left, client.socket.readableLength))
      left -= chunk?.length ?? 0
      if (chunk === null) await new Promise(setImmediate)
    }
  }

  testAttacks([
    {
      name: 'is cut off in a room that says 60, though it never stops reading, and nobody else misses anything',
      options: {server: {maxChatCharacters: 40_000}},
      closes: {slow_consumer: 1},
      async run(target) {
        const others = await seat(target, 100, 10)
        const [slow] = (await seat(target, 7, 1)) as [RawClient]
        slow.socket.pause()
        const [speaker] = others as [RawClient]
        let seconds = 0
        for (; target.server.users.get(7) !== undefined; seconds += 1) {
          if (seconds > 1000) throw new Error('a thousand seconds were not enough')
          const messages = [0, 1].map(half => `${seconds} ${half} ${'x'.repeat(30_000)}`)
          speaker.send(...messages.map(message => ({type: 'chat', roomId: ROOM, message})))
          for (const other of others) {
            for (const message of messages) expect((await other.take('chat')).message === message).toBe(true)
          }
          for (const client of [slow, ...others]) client.send({type: 'heartbeat'})
          await read(slow, 5000)
          await target.pass(1000)
        }
        // Ten seconds behind is too much; the hard limit it had not reached.
        const [entry] = target.server.closedConnections(1)
        expect(entry).toMatchObject({userId: 7, reason: 'slow_consumer'})
        expect(entry?.unsentBytes).toBeGreaterThan(262_144)
        expect(entry?.unsentBytes).toBeLessThan(1_048_576)
        for (const other of others) expect(await other.take('member_left')).toMatchObject({userId: 7})
        slow.socket.resume()
        await slow.closed
        const heard = slow.frames
          .filter(({type}) => type === 'chat')
          .map(({message}) => (message as string).slice(0, -30_001))
        expect(heard).toEqual(heard.map((_, index) => `${Math.floor(index / 2)} ${index % 2}`))
      },
    },
  ])
})
