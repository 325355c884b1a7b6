import {describe, expect, it} from 'vitest'

import {MessageSender} from '../../../src/plugins/analytics/message-counter.js'
import {Session} from '../../../src/plugins/analytics/session-book.js'

describe('Session', () => {
  it('knows each room and since when, in the order of joining', () => {
    const session = new Session(1, 'one', 0)
    expect(session.roomIds).toEqual([])
    for (const roomId of [5, 3, 9]) session.join(roomId, roomId * 10)
    expect(session.roomIds).toEqual([5, 3, 9])
    for (const roomId of [5, 3, 9]) expect(session.joinedMs(roomId)).toBe(roomId * 10)
    expect(session.joinedMs(4)).toBeNull()
  })

  it('forgets the room that is left, whichever it is', () => {
    const session = new Session(1, 'one', 0)
    for (const roomId of [5, 3, 9]) session.join(roomId, roomId * 10)
    expect(session.leave(5)).toBe(50)
    expect(session.leave(5)).toBeUndefined()
    expect(session.joinedMs(5)).toBeNull()
    expect(session.roomIds).toEqual([3, 9])
    session.join(5, 60)
    expect(session.roomIds).toEqual([3, 9, 5])
    for (const [roomId, joinedMs] of [
      [9, 90],
      [3, 30],
      [5, 60],
    ] as const)
      expect(session.leave(roomId)).toBe(joinedMs)
    expect(session.roomIds).toEqual([])
    session.join(3, 70)
    expect([session.roomIds, session.joinedMs(3), session.leave(4)]).toEqual([[3], 70, undefined])
  })

  it('takes the later time of a room that is joined twice', () => {
    const session = new Session(1, 'one', 0)
    for (const roomId of [5, 3, 5, 3]) session.join(roomId, session.joinedMs(roomId) === null ? 10 : 20)
    expect([session.roomIds, session.joinedMs(5), session.joinedMs(3)]).toEqual([[5, 3], 20, 20])
  })
})

describe('MessageSender', () => {
  it('has one cell for each room and type until they are forgotten', () => {
    const sender = new MessageSender(1, 0)
    const kinds = [
      [5, 'chat'],
      [5, 'game_action'],
      [7, 'chat'],
      [0, 'list_rooms'],
    ] as const
    const cells = kinds.map(([roomId, type]) => sender.cellOf(roomId, type))
    expect(new Set(cells).size).toBe(kinds.length)
    for (const [index, [roomId, type]] of kinds.entries()) {
      expect(sender.cellOf(roomId, type)).toBe(cells[index])
      expect(sender.cell).toBe(cells[index])
    }
    sender.forgetCells()
    const again = sender.cellOf(5, 'chat')
    expect(again).not.toBe(cells[0])
    expect(again).toEqual({userId: 1, roomId: 5, type: 'chat', count: 0})
  })
})
