import {expect, test} from 'vitest'
import {nearest} from '../../src/config/nearest.js'

test.for([
  ['prot', ['port', 'host'], 'port'],
  ['MAXCONNECTION', ['maxConnections', 'maxRooms'], 'maxConnections'],
  ['fro', ['for', 'config'], 'for'],
  ['x', ['port', 'host'], undefined],
  ['wholly-different', ['port', 'host'], undefined],
  ['port', [], undefined],
  ['x'.repeat(101), ['x'.repeat(100)], undefined],
] as const)('%s among %o: %s', ([name, candidates, expected]) => {
  expect(nearest(name, candidates)).toBe(expected)
})
