import {expect, test} from 'vitest'
import {EventRows} from '../../../src/plugins/analytics/event-rows.js'
import type {RecordedEvent} from '../../../src/plugins/analytics/recorded-event.js'

function joined(id: number, userId: number | null): RecordedEvent {
  return {id, type: 'room_joined', atMs: 1_700_000_000_000 + id, userId, roomId: 4_294_967_295, data: `{"n":${id}}`}
}

test('rows come out as they went in, also when they have grown, and those of a user can be taken out', () => {
  const rows = new EventRows()
  expect(JSON.parse(rows.toJson())).toEqual([])
  for (let id = 1; id <= 1000; id += 1) rows.add(joined(id, 1 + (id % 2)))
  rows.add({id: 1001, type: 'game_ended', atMs: 9, userId: null, roomId: null, data: null})
  expect(rows.count).toBe(1001)
  rows.forget(1)
  expect(rows.count).toBe(501)
  const stored = JSON.parse(rows.toJson())
  expect(stored).toHaveLength(501)
  expect(stored[0]).toEqual([1, 1_700_000_000_001, 'room_joined', 2, 4_294_967_295, {n: 1}])
  expect(stored[499]).toEqual([999, 1_700_000_000_999, 'room_joined', 2, 4_294_967_295, {n: 999}])
  expect(stored[500]).toEqual([1001, 9, 'game_ended', null, null, null])
  rows.add(joined(1002, 3))
  expect(JSON.parse(rows.toJson()).at(-1)).toEqual([
    1002,
    1_700_000_001_002,
    'room_joined',
    3,
    4_294_967_295,
    {n: 1002},
  ])
})
