import {expect, test} from 'vitest'
import {glyphsFor} from '../../../src/tui/top/glyphs.js'
import {drawTextChart} from '../../../src/tui/top/text-chart.js'
import {textOf} from './top-world.js'

const draw = (values: (number | null)[], rows: number, isUtf8 = true) =>
  drawTextChart({values, rows, glyphs: glyphsFor(isUtf8)}).map(textOf)

test('the highest value reaches the top, and the least one above nothing is seen', () => {
  expect(draw([8, 4, 1, 0, null, 0.001], 1)).toEqual(['█▄▁  ▁'])
  expect(draw([16, 12, 8, 1], 2)).toEqual(['█▄  ', '███▁'])
})

test('in ASCII there are fewer steps', () => {
  expect(draw([3, 2, 1, 0], 1, false)).toEqual(['|:. '])
})

test('nothing draws nothing', () => {
  expect(draw([0, null], 2)).toEqual(['  ', '  '])
  expect(draw([], 1)).toEqual([''])
})

test('the part of a second curve looks different', () => {
  const [line] = drawTextChart({values: [4, 4], lower: [4, 0], rows: 1, glyphs: glyphsFor(true)})
  expect(line?.map(({tone}) => tone)).toEqual(['lowerCurve', 'curve'])
})
