import {describe, expect, test} from 'vitest'
import {describeTerminal} from '../../src/util/terminal.js'

describe('colours', () => {
  const cases: ReadonlyArray<[isTTY: boolean, env: NodeJS.ProcessEnv, hasColor: boolean]> = [
    [true, {}, true],
    [false, {}, false],
    [true, {TERM: 'dumb'}, false],
    [true, {NO_COLOR: '1'}, false],
    [true, {NO_COLOR: ''}, true],
    [false, {FORCE_COLOR: '1'}, true],
    [false, {FORCE_COLOR: ''}, true],
    [true, {FORCE_COLOR: '0'}, false],
    [true, {FORCE_COLOR: '1', NO_COLOR: '1', TERM: 'dumb'}, true],
  ]
  test.for(cases)('terminal: %s, environment: %o, colours: %s', ([isTTY, env, hasColor]) => {
    expect(describeTerminal({isTTY}, env).hasColor).toBe(hasColor)
  })
})

test('only a terminal has a width, and one that does not tell it has 80 columns', () => {
  expect(describeTerminal({isTTY: true, columns: 120}, {}).columns).toBe(120)
  expect(describeTerminal({isTTY: true, columns: 0}, {}).columns).toBe(80)
  expect(describeTerminal({isTTY: true}, {}).columns).toBe(80)
  expect(describeTerminal({columns: 120}, {}).columns).toBe(Number.POSITIVE_INFINITY)
})
