import {describe, expect, test} from 'vitest'
import {layoutTop, type PanelPlace, SMALLEST} from '../../../src/tui/top/layout.js'
import {TOP_VIEWS} from '../../../src/tui/top/top-views.js'

const panels = (columns: number, rows: number) =>
  layoutTop({columns, rows}, 'overview', undefined).map(({panel}) => panel)

describe('a screen of any size', () => {
  test('is covered once and nowhere twice', () => {
    for (const [columns, rows] of [
      [40, 10],
      [41, 11],
      [80, 24],
      [100, 30],
      [124, 30],
      [160, 50],
      [200, 60],
      [500, 200],
    ] as const) {
      for (const view of TOP_VIEWS) {
        const cells = new Set<number>()
        let twice = 0
        for (const place of layoutTop({columns, rows}, view, undefined)) twice += fill(cells, place, columns)
        expect(twice, `${view} at ${columns} x ${rows}`).toBe(0)
        // The column between the table and what stands beside it is free.
        const freeCells = columns * rows - cells.size
        expect(freeCells, `${view} at ${columns} x ${rows}`).toBeLessThan(rows)
      }
    }
  })

  test('always has its head, a table and the keys', () => {
    for (let rows = SMALLEST.rows; rows <= 70; rows += 1) {
      const places = layoutTop({columns: 80, rows}, 'overview', undefined)
      const heights = new Map(places.map(({panel, rows}) => [panel, rows]))
      expect([...heights.keys()]).toEqual(expect.arrayContaining(['header', 'numbers', 'rooms', 'footer']))
      expect(heights.get('rooms'), `at ${rows} rows`).toBeGreaterThanOrEqual(6)
    }
  })

  test('has nothing when it is too small', () => {
    expect(panels(39, 60)).toEqual([])
    expect(panels(200, 9)).toEqual([])
    expect(panels(1, 1)).toEqual([])
    expect(panels(0, 0)).toEqual([])
  })
})

test('panels give way in the order that is documented', () => {
  const all = ['header', 'tabs', 'numbers', 'charts', 'rooms', 'side', 'events', 'footer']
  expect(panels(160, 50).sort()).toEqual([...all].sort())
  expect(panels(160, 31)).not.toContain('events')
  expect(panels(160, 29)).toContain('strip')
  expect(panels(160, 29)).not.toContain('side')
  expect(panels(100, 50)).toContain('strip')
  expect(panels(80, 24)).toContain('charts')
  expect(panels(80, 21)).not.toContain('strip')
  expect(panels(80, 21)).not.toContain('charts')
  const numberRows = (rows: number) =>
    layoutTop({columns: 80, rows}, 'overview', undefined).find(({panel}) => panel === 'numbers')?.rows
  expect([18, 17].map(numberRows)).toEqual([3, 2])
  expect(panels(80, 16)).toContain('tabs')
  expect(panels(80, 15)).toEqual(['header', 'numbers', 'rooms', 'footer'])
})

test('what one looks into takes the place of the view', () => {
  const places = layoutTop({columns: 80, rows: 24}, 'users', {kind: 'user', id: 7})
  expect(places.map(({panel}) => panel)).toEqual(['header', 'tabs', 'numbers', 'user', 'footer'])
})

/** Returns how many cells were taken already. */
function fill(cells: Set<number>, {left, top, columns, rows}: PanelPlace, width: number): number {
  let twice = 0
  for (let row = top; row < top + rows; row += 1) {
    for (let column = left; column < left + columns; column += 1) {
      if (cells.has(row * width + column)) twice += 1
      cells.add(row * width + column)
    }
  }
  return twice
}
