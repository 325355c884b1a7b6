import {expect, test} from 'vitest'
import {renderPlugins} from '../../src/render/plugin-table.js'

const terminal = {isTerminal: false, hasColor: false, columns: Number.POSITIVE_INFINITY}

test('plugins have the time that a message spends in their hooks, on average', () => {
  const plugins = [
    {
      name: 'security',
      state: 'failing',
      failures: 3,
      lastFailure: 'beforeMessage: oh\u001b[0m',
      hooks: [
        {hook: 'beforeMessage', timedCalls: 2, timedMs: 0.004},
        {hook: 'afterMessage', timedCalls: 4, timedMs: 0.002},
        {hook: 'frameReceived', timedCalls: 0, timedMs: 0},
        {hook: 'connectionOpened', timedCalls: 9, timedMs: 1.2},
      ],
    },
    {name: 'quiet', state: 'running', failures: 0, lastFailure: null, hooks: []},
  ] as const
  expect(renderPlugins(plugins, terminal)).toBe(
    [
      'PLUGIN    STATE    FAILURES  TIME A MESSAGE  LAST FAILURE',
      'security  failing         3          2.5 µs  beforeMessage: oh\\u001b[0m',
      'quiet     running         0               -  -',
    ].join('\n'),
  )
})
