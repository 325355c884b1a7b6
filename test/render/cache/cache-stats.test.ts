import {expect, test} from 'vitest'
import {renderCacheStats} from '../../../src/render/cache/cache-stats.js'
import {renderSimulation} from '../../../src/render/cache/simulation.js'
import {cacheWorld, stateOf} from '../../plugins/cache/cache-world.js'

const terminal = {isTerminal: true, hasColor: false, columns: 80}

test('the cache is shown by tier, with what was counted', () => {
  const world = cacheWorld({l1Entries: 4})
  for (let index = 0; index < 10; index += 1) world.cache.set(`k:${index}`, stateOf('k'))
  world.settle()
  for (const key of ['k:9', 'k:0', 'x']) world.cache.get(key)
  world.cache.delete('k:9')
  const lines = renderCacheStats(world.cache.stats(), terminal).split('\n')
  expect(lines.slice(0, 3)).toEqual([
    'TIER  ENTRIES             BYTES  HITS  OF READS  EVICTED',
    expect.stringMatching(/^L1 +3 of 4 +\d\.\d\d KB +1 +33 % +1$/),
    expect.stringMatching(/^L2 +6 of 40 +\d+ B of 1\.00 MB +1 +33 % +0$/),
  ])
  expect(lines.slice(4)).toEqual([
    'hit rate     67 % of 3 reads',
    'written      10',
    'moved        6 down to L2, 0 up to L1',
    'evicted      1 deleted',
    expect.stringMatching(/^compression {2}brotli: 12\.1 KB in \d+ B, \d+\.\d\d to 1; 0 ms for each of 6$/),
    'policy       filtered, 0 ghosts',
    'loads        none',
    'games        0 kept, 0 lost',
  ])
})

test('a simulation is a table, and bars that fit the terminal', () => {
  const results = [
    {size: 500, policy: 'lru', hitRatePercent: 25},
    {size: 500, policy: 'optimum', hitRatePercent: 50},
    {size: 2000, policy: 'lru', hitRatePercent: 0},
    {size: 2000, policy: 'optimum', hitRatePercent: 100},
  ]
  const simulation = {reads: 12_345, uniqueKeys: 678, results}
  expect(renderSimulation(simulation, {terminal: {...terminal, columns: 43}, isUtf8: false}).split('\n')).toEqual([
    '12 345 reads of 678 keys',
    '',
    ' SIZE      LRU   OPTIMUM',
    '  500  25.00 %   50.00 %',
    '2 000   0.00 %  100.00 %',
    '',
    '  500  lru      ##### 25.0',
    '       optimum  ########## 50.0',
    '2 000  lru       0.0',
    '       optimum  #################### 100.0',
  ])
})
