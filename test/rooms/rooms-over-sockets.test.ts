import {describe, expect, test} from 'vitest'
import type {ConfigInput} from '../../src/config/schema.js'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {ManualClock} from '../helpers/manual-clock.js'
import {RawClient} from '../helpers/raw-client.js'
import {until} from '../helpers/until.js'

/** A server in a time of its own, with clients that are gone before it is. */
async function createWorld(options: ConfigInput = {}) {
  const clock = new ManualClock()
  const testServer = await createTestServer({...options, server: {maxMemoryMb: 100_000, ...options.server}}, {clock})
  const clients: RawClient[] = []
  const login = async (userId: number) => {
    const client = await RawClient.login(testServer.port, userId)
    clients.push(client)
    return client
  }
  return {
    clock,
    server: testServer.server,
    login,
    async enter(userId: number, roomId = 1) {
      const client = await login(userId)
      client.send({type: 'join_room', roomId})
      await client.take('room_joined')
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.socket.destroy()
      await Promise.all(clients.map(({closed}) => closed))
      await testServer.close()
    },
  }
}

async function leave(client: RawClient, roomId = 1): Promise<void> {
  client.send({type: 'leave_room', roomId})
  await client.take('room_left')
}

describe('an empty room', () => {
  test('is removed at exactly its time to live', async () => {
    await using world = await createWorld()
    const closed: number[] = []
    world.server.on('roomClosed', ({durationMs}) => void closed.push(durationMs))
    await leave(await world.enter(1))
    world.clock.advance(59_999)
    expect(world.server.rooms.count).toBe(1)
    world.clock.advance(1)
    expect(world.server.rooms.count).toBe(0)
    expect(closed).toEqual([60_000])
  })

  test('that somebody comes back to stays', async () => {
    await using world = await createWorld()
    const client = await world.enter(1)
    await leave(client)
    world.clock.advance(59_000)
    client.send({type: 'join_room', roomId: 1})
    await client.take('room_joined')
    world.clock.advance(600_000)
    expect(world.server.rooms.get(1)?.userCount).toBe(1)
  })

  test('is kept while a seat in its game is, and no longer', async () => {
    await using world = await createWorld({server: {emptyRoomTtlMs: 1000}, game: {seatHoldMs: 5000}})
    const outcomes: string[] = []
    world.server.on('gameEnded', ({outcome}) => void outcomes.push(outcome))
    const client = await world.enter(1)
    client.send({type: 'game_start', roomId: 1, game: 'relay', seq: 1})
    await client.take('ack')
    client.socket.destroy()
    await until(() => world.server.users.count === 0, 'the user to be gone')
    world.clock.advance(4999)
    expect(world.server.rooms.get(1)).toMatchObject({userCount: 0, game: {phase: 'playing'}})
    world.clock.advance(1)
    expect(outcomes).toEqual(['abandoned'])
    world.clock.advance(250)
    expect(world.server.rooms.count).toBe(0)
  })

  test('of a game that was left for good is removed like any other', async () => {
    await using world = await createWorld({server: {emptyRoomTtlMs: 1000}})
    const client = await world.enter(1)
    client.send({type: 'game_start', roomId: 1, game: 'relay', seq: 1})
    await client.take('ack')
    await leave(client)
    world.clock.advance(1000)
    expect(world.server.rooms.count).toBe(0)
  })
})

describe('above 200 members', () => {
  test('comings and goings are summed up, at most once a second, and the sums are right', async () => {
    await using world = await createWorld()
    const first = await world.enter(1)
    const crowd: RawClient[] = []
    for (let userId = 2; userId <= 200; userId += 1) crowd.push(await world.enter(userId))
    for (let userId = 2; userId <= 200; userId += 1) {
      expect(await first.take('member_joined')).toMatchObject({userId})
    }
    const extra = [await world.enter(201), await world.enter(202), await world.enter(203)]
    expect(first.frames).toEqual([])
    world.clock.advance(250)
    expect(await first.next()).toEqual({type: 'members_changed', roomId: 1, joined: 3, left: 0, userCount: 203})

    await leave(extra[0] as RawClient)
    await world.enter(204)
    world.clock.advance(750)
    await leave(extra[1] as RawClient)
    expect(first.frames).toEqual([])
    world.clock.advance(250)
    expect(await first.next()).toEqual({type: 'members_changed', roomId: 1, joined: 1, left: 2, userCount: 202})

    // Back at 200 everybody is announced again, behind the sum of what was not.
    await leave(extra[2] as RawClient)
    await leave(crowd[0] as RawClient)
    await leave(crowd[1] as RawClient)
    expect(await first.next()).toEqual({type: 'members_changed', roomId: 1, joined: 0, left: 2, userCount: 199})
    expect(await first.next()).toEqual({type: 'member_left', roomId: 1, userId: 3})
    world.clock.advance(10_000)
    first.send({type: 'heartbeat'})
    expect(await first.next()).toMatchObject({type: 'heartbeat'})
  })

  test('a joiner is told the number of all and the names of 200, its own the last', async () => {
    await using world = await createWorld()
    for (let userId = 1; userId <= 205; userId += 1) await world.enter(userId)
    const late = await world.login(999)
    late.send({type: 'join_room', roomId: 1})
    const joined = await late.take('room_joined')
    expect(joined.userCount).toBe(206)
    expect(joined.members.map(({userId}) => userId)).toEqual([
      ...Array.from({length: 199}, (_, index) => index + 1),
      999,
    ])
  })
})

describe('room_list', () => {
  test('has the fullest first, cut to the limit, with the game that is played', async () => {
    await using world = await createWorld()
    const sizes = new Map([
      [11, 2],
      [12, 4],
      [13, 1],
      [14, 3],
    ])
    let userId = 0
    let client: RawClient | undefined
    for (const [roomId, size] of sizes) {
      for (let member = 0; member < size; member += 1) client = await world.enter(++userId, roomId)
    }
    const last = client as RawClient
    last.send({type: 'game_start', roomId: 14, game: 'relay'}, {type: 'list_rooms', limit: 3, seq: 7})
    expect(await last.take('room_list')).toEqual({
      type: 'room_list',
      seq: 7,
      rooms: [
        {roomId: 12, userCount: 4, game: null},
        {roomId: 14, userCount: 3, game: 'relay'},
        {roomId: 11, userCount: 2, game: null},
      ],
    })
  })

  test('has 20 without a limit', async () => {
    await using world = await createWorld()
    const client = await world.login(1)
    for (let roomId = 1; roomId <= 25; roomId += 1) client.send({type: 'join_room', roomId})
    client.send({type: 'list_rooms'})
    expect((await client.take('room_list')).rooms).toHaveLength(20)
  })
})

describe('limits', () => {
  test('the rooms of one user, the members of one room and the rooms of all are counted', async () => {
    await using world = await createWorld({server: {roomsPerUser: 2, membersPerRoom: 2, maxRooms: 3}})
    const [one, two] = [await world.enter(1, 1), await world.enter(2, 1)]
    const three = await world.login(3)
    const join = async (client: RawClient, roomId: number) => {
      client.send({type: 'join_room', roomId, seq: roomId})
      await client.until(() => client.frames.some(({seq}) => seq === roomId))
      const reply = client.frames.splice(0).find(({seq}) => seq === roomId)
      return reply?.type === 'error' ? reply.code : reply?.type
    }
    expect(await join(three, 1)).toBe('room_full')
    expect(await join(one, 2)).toBe('room_joined')
    expect(await join(one, 3)).toBe('limit_reached')
    expect(await join(two, 3)).toBe('room_joined')
    expect(await join(three, 4)).toBe('limit_reached')
    expect(await join(three, 3)).toBe('room_joined')
    expect(await join(three, 3)).toBe('already_in_room')
    expect(world.server.rooms.count).toBe(3)
  })
})
