import {expect, test} from 'vitest'
import {EventFeed} from '../../../src/plugins/analytics/event-feed.js'
import type {RecordedEvent} from '../../../src/plugins/analytics/recorded-event.js'

function event(id: number, fields: Partial<RecordedEvent> = {}): RecordedEvent {
  return {id, atMs: id, type: 'room_joined', userId: 1, roomId: 7, data: '{"userCount":1}', ...fields}
}

function createFeed(size = 5) {
  return new EventFeed({size, onReadersChange: () => {}})
}

test('the ring keeps the newest, oldest first', () => {
  const feed = createFeed()
  expect(feed.recent({}, 10)).toEqual([])
  for (let id = 1; id <= 12; id += 1) feed.add(event(id))
  expect(feed.recent({}, 10).map(({id}) => id)).toEqual([8, 9, 10, 11, 12])
  expect(feed.recent({}, 2).map(({id}) => id)).toEqual([11, 12])
})

test('filters look at type, room and user, and all of them must fit', () => {
  const feed = createFeed()
  feed.add(event(1))
  feed.add(event(2, {roomId: 8}))
  feed.add(event(3, {userId: 2}))
  feed.add(event(4, {type: 'room_left'}))
  const ids = (filter: Parameters<EventFeed['recent']>[0]) => feed.recent(filter, 10).map(({id}) => id)
  expect(ids({roomId: 7})).toEqual([1, 3, 4])
  expect(ids({userId: 1, roomId: 7})).toEqual([1, 4])
  expect(ids({types: ['room_left', 'room_created']})).toEqual([4])
  expect(ids({types: []})).toEqual([])
})

test('winner and creator stand under their own names', () => {
  const feed = createFeed()
  feed.add(event(1, {type: 'room_created', data: null}))
  feed.add(event(2, {type: 'game_ended', userId: null, data: '{"game":"relay","durationMs":5,"outcome":"finished"}'}))
  expect(feed.recent({}, 10)).toEqual([
    {id: 1, timestamp: '1970-01-01T00:00:00.001Z', type: 'room_created', roomId: 7, creatorId: 1},
    {
      id: 2,
      timestamp: '1970-01-01T00:00:00.002Z',
      type: 'game_ended',
      roomId: 7,
      winner: null,
      game: 'relay',
      durationMs: 5,
      outcome: 'finished',
    },
  ])
})

test('a reader who is too slow misses the oldest and is told how many; others miss nothing', async () => {
  const feed = createFeed()
  const slow = feed.subscribe({})
  const picky = feed.subscribe({userId: 2})
  for (let id = 1; id <= 1003; id += 1) feed.add(event(id))
  feed.add(event(1004, {userId: 2}))
  expect(feed.missed).toBe(4)
  expect((await slow?.next())?.value).toEqual({dropped: 4})
  expect((await slow?.next())?.value).toMatchObject({id: 5})
  expect((await picky?.next())?.value).toMatchObject({id: 1004})
})

test('readers are at most a hundred, and who leaves makes room', async () => {
  const feed = createFeed()
  const readers = Array.from({length: 100}, () => feed.subscribe({}))
  expect(feed.subscribe({})).toBeUndefined()
  await readers[0]?.return?.()
  expect(feed.readerCount).toBe(99)
  expect(feed.subscribe({})).toBeDefined()
  feed.close()
  expect(feed.readerCount).toBe(0)
})

test('single messages are wanted by those who may see messages', () => {
  const feed = createFeed()
  const controller = new AbortController()
  feed.subscribe({types: ['error']})
  expect(feed.isForMessages).toBe(false)
  feed.subscribe({roomId: 7}, controller.signal)
  expect(feed.isForMessages).toBe(true)
  controller.abort()
  expect(feed.isForMessages).toBe(false)
})

test('a user who is forgotten is gone from the ring, and the ring goes on', () => {
  const feed = createFeed()
  for (let id = 1; id <= 7; id += 1) feed.add(event(id, {userId: id % 2}))
  feed.forget(1)
  expect(feed.recent({}, 10).map(({id}) => id)).toEqual([4, 6])
  for (let id = 8; id <= 11; id += 1) feed.add(event(id))
  expect(feed.recent({}, 10).map(({id}) => id)).toEqual([6, 8, 9, 10, 11])
})

test('messages are in the ring and go to readers like other events', async () => {
  const feed = createFeed(3)
  const reader = feed.subscribe({types: ['message_sent']})
  feed.add(event(1))
  feed.addMessage(2, {userId: 4_000_000_000, readAtMs: 5, message: {type: 'chat', roomId: 7, message: 'x'}})
  feed.addMessage(3, {userId: 1, readAtMs: 6, message: {type: 'list_rooms'}})
  const [first, second] = [
    {
      id: 2,
      timestamp: '1970-01-01T00:00:00.005Z',
      type: 'message_sent',
      userId: 4_000_000_000,
      roomId: 7,
      messageType: 'chat',
    },
    {id: 3, timestamp: '1970-01-01T00:00:00.006Z', type: 'message_sent', userId: 1, messageType: 'list_rooms'},
  ]
  expect(feed.recent({}, 2)).toEqual([first, second])
  expect((await reader?.next())?.value).toEqual(first)
  expect((await reader?.next())?.value).toEqual(second)
  feed.add(event(4, {userId: null, roomId: null, data: null}))
  expect(feed.recent({}, 10)[2]).toEqual({id: 4, timestamp: '1970-01-01T00:00:00.004Z', type: 'room_joined'})
  feed.forget(1)
  expect(feed.recent({}, 10).map(({id}) => id)).toEqual([2, 4])
})
