import {describe, expect, test} from 'vitest'
import {type Occupant, Room} from '../../src/rooms/room.js'
import {RoomRegistry} from '../../src/rooms/room-registry.js'

function createRegistry() {
  const registry = new RoomRegistry<Occupant, Room<Occupant>>()
  return {
    registry,
    addRoom(id: number, {members = 0, nowMs = 0} = {}): Room<Occupant> {
      const room = new Room<Occupant>(id, nowMs)
      registry.add(room, nowMs)
      for (let userId = 1; userId <= members; userId += 1) registry.join(room, {userId})
      return room
    },
    emptyIds: (ttlMs: number, nowMs: number) => [...registry.emptyFor(ttlMs, nowMs)].map(({id}) => id),
  }
}

describe('an empty room', () => {
  test('is due at exactly the time to live, not before', () => {
    const {addRoom, emptyIds} = createRegistry()
    addRoom(1, {nowMs: 500})
    expect(emptyIds(60_000, 60_499)).toEqual([])
    expect(emptyIds(60_000, 60_500)).toEqual([1])
  })

  test('is due at once with a time to live of 0', () => {
    const {addRoom, emptyIds} = createRegistry()
    addRoom(1, {nowMs: 500})
    expect(emptyIds(0, 500)).toEqual([1])
  })

  test('is measured from when the last member left', () => {
    const {registry, addRoom, emptyIds} = createRegistry()
    const room = addRoom(1, {members: 2})
    registry.leave(room, 1, 1000)
    expect(room.emptySinceMs).toBeNull()
    registry.leave(room, 2, 3000)
    expect(room.emptySinceMs).toBe(3000)
    expect(emptyIds(100, 3099)).toEqual([])
    expect(emptyIds(100, 3100)).toEqual([1])
  })

  test('that somebody joined is not empty any more, and starts anew when it is', () => {
    const {registry, addRoom, emptyIds} = createRegistry()
    const room = addRoom(1)
    registry.join(room, {userId: 1})
    expect(emptyIds(100, 100_000)).toEqual([])
    registry.leave(room, 1, 100_000)
    expect(emptyIds(100, 100_099)).toEqual([])
    expect(emptyIds(100, 100_100)).toEqual([1])
  })

  test('stands behind those that were empty before it', () => {
    const {registry, addRoom, emptyIds} = createRegistry()
    const first = addRoom(1, {nowMs: 0})
    addRoom(2, {nowMs: 10})
    registry.join(first, {userId: 1})
    registry.leave(first, 1, 20)
    expect(emptyIds(100, 115)).toEqual([2])
    expect(emptyIds(100, 120)).toEqual([2, 1])
  })

  test('can be removed while they are being looked at', () => {
    const {registry, addRoom} = createRegistry()
    for (let id = 1; id <= 5; id += 1) addRoom(id)
    for (const room of registry.emptyFor(0, 0)) if (room.id !== 3) registry.remove(room)
    expect([...registry.values()].map(({id}) => id)).toEqual([3])
  })
})

test('the ranking and the count agree with the members', () => {
  const {registry, addRoom} = createRegistry()
  const [small, large] = [addRoom(1, {members: 1}), addRoom(2, {members: 3})]
  addRoom(3)
  expect(registry.fullest(10).map(({id}) => id)).toEqual([2, 1, 3])
  registry.leave(large, 1, 0)
  registry.leave(large, 2, 0)
  registry.join(small, {userId: 9})
  expect(registry.fullest(2).map(({id}) => id)).toEqual([1, 2])
  registry.leave(large, 3, 0)
  registry.remove(large)
  expect(registry.count).toBe(2)
  expect(registry.get(2)).toBeUndefined()
  expect(registry.fullest(10).map(({id}) => id)).toEqual([1, 3])
})

test('members keep the order of joining', () => {
  const {registry, addRoom} = createRegistry()
  const room = addRoom(1, {members: 3})
  registry.leave(room, 1, 0)
  registry.join(room, {userId: 1})
  expect([...room.members.keys()]).toEqual([2, 3, 1])
})
