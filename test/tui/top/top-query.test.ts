import {describe, expect, test} from 'vitest'
import {queryFor, showsEvents, windowFor} from '../../../src/tui/top/top-query.js'
import {TOP_VIEWS} from '../../../src/tui/top/top-views.js'
import {block, room, topSample, topState} from './top-world.js'

const large = {columns: 160, rows: 50}
const small = {columns: 40, rows: 10}

describe('the server is asked for', () => {
  test.each([
    ['overview', large, ['cache', 'history', 'rooms', 'security']],
    ['overview', {columns: 80, rows: 24}, ['cache', 'history', 'rooms', 'security']],
    ['overview', small, ['rooms']],
    ['rooms', large, ['rooms']],
    ['users', large, ['users']],
    ['plugins', large, []],
    ['security', large, ['security']],
    ['cache', large, ['cache']],
    ['events', large, ['closed']],
  ] as const)('what view %s at %j shows, and nothing else', (view, size, parts) => {
    expect(Object.keys(queryFor(topState({view}), size)).sort()).toEqual(parts)
  })

  test('as many rows as there are on the screen, and those above them', () => {
    const state = topState({view: 'rooms'})
    expect(queryFor(state, {columns: 80, rows: 24}).rooms?.limit).toBe(16)
    const scrolled = {...state, lists: {...state.lists, rooms: {cursor: 40, offset: 30}}}
    expect(queryFor(scrolled, {columns: 80, rows: 24}).rooms?.limit).toBe(46)
    expect(queryFor({...state, followedId: 7}, small).rooms?.limit).toBe(500)
  })

  test('the order and the filter of the table', () => {
    const state = topState({view: 'users', sort: 'name', isReversed: true, filter: 'an'})
    expect(queryFor(state, large).users).toMatchObject({sort: 'name', isReversed: true, filter: 'an'})
    expect(queryFor(topState({view: 'security'}), large).security?.blocks).toMatchObject({sort: 'since'})
  })

  test('only the room or the user that one looks into', () => {
    const inside = (kind: 'room' | 'user') => ({...topState(), trail: [{kind, id: 7}]})
    expect(queryFor(inside('room'), large)).toEqual({roomId: 7})
    expect(queryFor(inside('user'), large)).toEqual({userId: 7})
  })

  test('nothing where nothing fits', () => {
    for (const view of TOP_VIEWS) expect(queryFor(topState({view}), {columns: 20, rows: 5})).toEqual({})
  })

  test('its log only while that is shown', () => {
    expect(showsEvents(topState(), large)).toBe(true)
    expect(showsEvents(topState(), {columns: 80, rows: 24})).toBe(false)
    expect(showsEvents(topState({view: 'events'}), small)).toBe(true)
    expect(showsEvents(topState({view: 'rooms'}), large)).toBe(false)
  })
})

test('the list that the arrows move in knows its rows', () => {
  const blocks = {items: [block('42'), block('203.0.113.0/24')], total: 9, isEnforced: true}
  const sample = topSample({blocks, rooms: {items: [room(3), room(1)], total: 7, sort: 'rate'}})
  const known = {sample, eventCount: 5}
  expect(windowFor(topState(), small, known)).toEqual({pageRows: 4, ids: [3, 1], total: 7})
  expect(windowFor(topState({view: 'security'}), small, known)).toMatchObject({ids: ['42', '203.0.113.0/24'], total: 9})
  expect(windowFor(topState({view: 'events'}), small, known).total).toBe(5)
  expect(windowFor(topState({view: 'plugins'}), small, known)).toEqual({pageRows: 0, ids: [], total: 0})
})
