import {expect, test} from 'vitest'
import type {InstanceStatus} from '../../src/contract/admin.js'
import {renderStatuses} from '../../src/render/status.js'

const terminal = {isTerminal: false, hasColor: false, columns: Number.POSITIVE_INFINITY}
const options = {terminal, nowMs: 0}
const instance: InstanceStatus = {
  name: 'one',
  version: '1.2.3',
  pid: 42,
  startedAt: '2026-01-05T12:00:00.000Z',
  uptimeMs: 90_500,
  host: '127.0.0.1',
  port: 7000,
  socket: '/run/gs/one.sock',
  state: 'running',
  overload: null,
  connections: 3,
  users: 2,
  rooms: 1,
  memoryUsageMb: 61.26,
  unsentBytes: 0,
  plugins: [],
  store: null,
}

test('one instance is told in full', () => {
  expect(renderStatuses([instance], options)).toBe(
    [
      'name         one',
      'state        running',
      'version      1.2.3',
      'pid          42',
      'uptime       1m 30s',
      'address      gs://127.0.0.1:7000',
      'socket       /run/gs/one.sock',
      'connections  3',
      'users        2',
      'rooms        1',
      'memory       61.3 MB',
      'unsent       0 B',
      'store        not in use',
      'plugins      none',
    ].join('\n'),
  )
})

test('its plugins follow as a table', () => {
  const plugins = [{name: 'metrics', state: 'running', failures: 0, lastFailure: null, hooks: []}] as const
  expect(renderStatuses([{...instance, plugins}], options)).toMatch(
    /\nstore {8}not in use\n\nPLUGIN {3}STATE .*\nmetrics /,
  )
})

const store = {
  file: '/var/lib/gs/gs.db',
  state: 'ok',
  problem: null,
  sizeBytes: 20_480,
  queuedRows: 0,
  droppedRows: 0,
  commits: 9,
  salvage: null,
} as const

test.for([
  [store, '/var/lib/gs/gs.db, 20.5 KB'],
  [{...store, file: null}, 'in memory'],
  [
    {...store, state: 'disk_full', problem: 'database or disk is full', droppedRows: 7},
    '/var/lib/gs/gs.db, 20.5 KB; disk full: database or disk is full; 7 rows dropped',
  ],
  [
    {...store, salvage: {file: '/var/lib/gs/gs.db.corrupt-1', rows: 12, lostTables: []}},
    '/var/lib/gs/gs.db, 20.5 KB; salvaged 12 rows; the broken file is /var/lib/gs/gs.db.corrupt-1',
  ],
] as const)('%o is told as %s', ([store, words]) => {
  expect(renderStatuses([{...instance, store}], options)).toContain(`\nstore        ${words}\n`)
})

test('several are a table, with what is wrong with them', () => {
  const two = {...instance, name: 'two', host: '::1', overload: 'event_loop', uptimeMs: 0} as const
  const three = {...instance, name: 'three', state: 'draining', overload: 'memory'} as const
  expect(renderStatuses([two, three], options)).toBe(
    [
      'NAME   STATE                             ADDRESS              PID  UP      USERS  ROOMS   MEMORY',
      'two    running, overloaded (event loop)  gs://[::1]:7000       42  0ms         2      1  61.3 MB',
      'three  draining, overloaded (memory)     gs://127.0.0.1:7000   42  1m 30s      2      1  61.3 MB',
    ].join('\n'),
  )
})
