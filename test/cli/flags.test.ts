import {expect, test} from 'vitest'
import {flagValues} from '../../src/cli/flags.js'

test('flags stand for keys, and those not given for nothing', () => {
  expect(flagValues({port: 0, other: 1}, {port: 'server.port', host: 'server.host'})).toEqual([
    {key: 'server.port', flag: '--port', value: 0},
    {key: 'server.host', flag: '--host', value: undefined},
  ])
})
