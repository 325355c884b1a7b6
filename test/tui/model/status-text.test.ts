import {expect, test} from 'vitest'
import {openRoom, startConversation} from '../../../src/tui/model/conversation.js'
import type {SessionSnapshot} from '../../../src/tui/model/room-session.js'
import {statusText} from '../../../src/tui/model/status-text.js'

const conversation = openRoom(startConversation(2, 'Ann'), {roomId: 7, userCount: 3, members: [], game: null})
const snapshot: SessionSnapshot = {conversation, link: {state: 'connected'}, latencyMs: 3.6}

test.each([
  [80, 'Ann (user 2), room 7, 3 online, 4 ms, connected'],
  [40, 'Ann (user 2), room 7, 3 online, 4 ms'],
  [30, 'room 7, 3 online, 4 ms'],
  [16, 'room 7, 3 online'],
  [1, 'room 7'],
])('%d columns hold what matters most', (columns, text) => {
  expect(statusText(snapshot, {columns, separator: ', '})).toBe(text)
})

test('a lost connection comes first', () => {
  const lost: SessionSnapshot = {...snapshot, link: {state: 'reconnecting', attempt: 2}, latencyMs: undefined}
  expect(statusText(lost, {columns: 80, separator: ', '})).toBe(
    'reconnecting, attempt 2, Ann (user 2), room 7, 3 online',
  )
  expect(statusText(lost, {columns: 10, separator: ', '})).toBe('reconnecting, attempt 2')
})

test('without room, name and latency there is still something to say', () => {
  const bare: SessionSnapshot = {conversation: startConversation(9), link: {state: 'connected'}, latencyMs: undefined}
  expect(statusText(bare, {columns: 80, separator: ', '})).toBe('user 9, no room, connected')
})
