import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {RoomRanking} from '../../src/rooms/room-ranking.js'

interface Sized {
  readonly id: number
  size: number
}

describe('the ranking of rooms by size', () => {
  test('is what sorting would give, whatever rooms come, grow, shrink and go', () => {
    const step = fc.record({id: fc.nat({max: 11}), what: fc.constantFrom('add', 'grow', 'grow', 'shrink', 'remove')})
    fc.assert(
      fc.property(fc.array(step, {maxLength: 200}), fc.nat({max: 15}), (steps, limit) => {
        const ranking = new RoomRanking<Sized>()
        const rooms = new Map<number, Sized>()
        for (const {id, what} of steps) {
          const room = rooms.get(id)
          if (what === 'add' && room === undefined) {
            const added = {id, size: 0}
            rooms.set(id, added)
            ranking.insert(added, 0)
          } else if (room === undefined) {
          } else if (what === 'grow') {
            ranking.move(room, room.size, room.size + 1)
            room.size += 1
          } else if (what === 'shrink' && room.size > 0) {
            ranking.move(room, room.size, room.size - 1)
            room.size -= 1
          } else if (what === 'remove') {
            ranking.delete(room, room.size)
            rooms.delete(id)
          }
        }
        const found = ranking.fullest(limit)
        const sorted = [...rooms.values()].map(({size}) => size).sort((one, other) => other - one)
        expect(found.map(({size}) => size)).toEqual(sorted.slice(0, limit))
        expect(new Set(found).size).toBe(found.length)
        expect(found.every(room => rooms.get(room.id) === room)).toBe(true)
      }),
    )
  })

  test('of no rooms is empty, and a limit of 0 finds none', () => {
    const ranking = new RoomRanking<Sized>()
    expect(ranking.fullest(10)).toEqual([])
    ranking.insert({id: 1, size: 0}, 0)
    expect(ranking.fullest(0)).toEqual([])
  })
})
