import {expect, test} from 'vitest'
import type {UserMessage} from '../../../src/contract/messages.js'
import {MessageRows} from '../../../src/plugins/analytics/message-rows.js'
import {MESSAGE_KINDS} from '../../../src/plugins/analytics/sent-message.js'

const chat: UserMessage = {type: 'chat', roomId: 7, message: 'x'}

test('rows hold what was added, also when they have grown, and those of a user can be taken out', () => {
  const rows = new MessageRows()
  expect(rows.toNumbers().values).toHaveLength(0)
  for (let id = 1; id <= 5000; id += 1) rows.add(id, {userId: id % 2, readAtMs: id + 0.5, message: chat})
  rows.add(5001, {userId: 3, readAtMs: 9, message: {type: 'list_rooms'}})
  expect(rows.count).toBe(5001)
  rows.forget(1)
  const {values, width} = rows.toNumbers()
  const row = (index: number) => [...values.subarray(index * width, (index + 1) * width)]
  const [chatCode, listCode] = [MESSAGE_KINDS.get('chat')?.code, MESSAGE_KINDS.get('list_rooms')?.code]
  expect(values.length / width).toBe(2501)
  expect(row(0)).toEqual([2, 2.5, 0, 7, chatCode])
  expect(row(2499)).toEqual([5000, 5000.5, 0, 7, chatCode])
  expect(row(2500)).toEqual([5001, 9, 3, 0, listCode])
})

test('numbers that were taken stay as they were, and have their memory to themselves', () => {
  const rows = new MessageRows()
  rows.add(1, {userId: 1, readAtMs: 2, message: chat})
  const {values} = rows.toNumbers()
  rows.forget(1)
  rows.add(2, {userId: 2, readAtMs: 3, message: chat})
  expect(values[0]).toBe(1)
  expect(values.buffer.byteLength).toBe(values.byteLength)
})
