import {describe, expect, test} from 'vitest'
import {cutListing, type ListingQuery, listingQuery} from '../../src/admin/listing-query.js'
import {type ListingName, sortKeys} from '../../src/util/listing-columns.js'

const rows = [
  {userId: 5, nickname: 'b', messages: 1},
  {userId: 3, nickname: null, messages: 9},
  {userId: 4, nickname: 'B', messages: 9},
  {userId: 1, nickname: 'a', messages: 0},
]

function ids(query: ListingQuery): number[] {
  return cutListing(rows, query, {name: 'users', finish: ({userId}) => userId}).items as number[]
}

describe('a listing', () => {
  test('stays in its order without a column to sort by', () => {
    expect(ids({})).toEqual([5, 3, 4, 1])
    expect(ids({reverse: true})).toEqual([1, 4, 3, 5])
  })

  test('has the largest first, text in its order, and nothing at the end; equal ones keep their order', () => {
    expect(ids({sort: 'user'})).toEqual([5, 4, 3, 1])
    expect(ids({sort: 'messages'})).toEqual([3, 4, 5, 1])
    expect(ids({sort: 'name'})).toEqual([4, 1, 5, 3])
    expect(ids({sort: 'name', reverse: true})).toEqual([3, 5, 1, 4])
  })

  test('is cut after sorting, says how many there were, and finishes only what is left', () => {
    let finished = 0
    const finish = ({userId}: {userId: number}) => {
      finished += 1
      return {userId}
    }
    expect(cutListing(rows, {sort: 'user', limit: 1}, {name: 'users', finish})).toEqual({
      items: [{userId: 5}],
      total: 4,
    })
    expect(finished).toBe(1)
    const many = Array.from({length: 30}, (_, userId) => ({userId}))
    expect(cutListing(many, {}, {name: 'users', finish}).items).toHaveLength(20)
    expect(cutListing([], {sort: 'user'}, {name: 'users', finish})).toEqual({items: [], total: 0})
  })

  test('has only what has the filter in an id or a text, and counts no others', () => {
    expect(ids({filter: 'b'})).toEqual([5, 4])
    expect(ids({filter: 'B', sort: 'messages'})).toEqual([4, 5])
    expect(ids({filter: '3'})).toEqual([3])
    expect(ids({filter: '9'})).toEqual([])
    expect(ids({filter: ''})).toHaveLength(4)
    const query = {filter: 'b', limit: 1}
    expect(cutListing(rows, query, {name: 'users', finish: ({userId}) => userId})).toEqual({items: [5], total: 2})
  })

  test('leaves the list it was given alone', () => {
    const before = structuredClone(rows)
    ids({sort: 'name', reverse: true, limit: 1})
    expect(rows).toEqual(before)
  })
})

describe('the query of a listing', () => {
  test.for(['rooms', 'users', 'closed'] as ListingName[])('of %s knows the names of its columns and no other', name => {
    const query = listingQuery(name)
    for (const sort of sortKeys(name)) expect(query.parse({sort})).toEqual({sort})
    for (const sort of ['', 'nope', 'constructor', '__proto__', 'userCount']) {
      expect(query.safeParse({sort}).success, sort).toBe(false)
    }
  })

  test('takes numbers and booleans as text, within bounds', () => {
    const query = listingQuery('rooms')
    expect(query.parse({limit: '1', reverse: 'false'})).toEqual({limit: 1, reverse: false})
    expect(query.parse({limit: '100000'})).toEqual({limit: 100_000})
    for (const limit of ['0', '100001', '-1', '1.5', '1e3', 'NaN', '', ' 1', '9'.repeat(20), ['1', '2']]) {
      expect(query.safeParse({limit}).success, String(limit)).toBe(false)
    }
    for (const other of [{reverse: '1'}, {reverse: ''}, {more: '1'}]) expect(query.safeParse(other).success).toBe(false)
  })
})
