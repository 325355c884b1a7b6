import {expect, test} from 'vitest'
import {covers, formatAddress, parseAddress, parseRange, rangeOf} from '../../src/util/address-range.js'

test.for([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7/24', '203.0.113.0/24'],
  ['203.0.113.7/32', '203.0.113.7'],
  ['255.255.255.255/0', '0.0.0.0/0'],
  ['2001:DB8:0:0:1::7', '2001:db8::1:0:0:7'],
  ['2001:db8::ff/64', '2001:db8::/64'],
  ['::1', '::1'],
  ['::', '::'],
  ['::/0', '::/0'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7/120', '203.0.113.0/24'],
] as const)('%s is %s', ([text, canonical]) => {
  expect(parseRange(text)?.text).toBe(canonical)
})

test.for([
  ...['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1..3.4', '1.2.3.', '.1.2.3', '1.2.3.4x', ' 1.2.3.4'],
  ...['1.2.3.4/33', '1.2.3.4/-1', '1.2.3.4/', '1.2.3.4/8/8', '1.2.3.4/08', '1.2.3.4/1e1', ':::', '1::2::3'],
  ...['::/129', '::ffff:1.2.3.4/95', 'localhost', '2001:db8::g'],
])('%j is no range', text => {
  expect(parseRange(text)).toBeNull()
})

test('addresses and numbers belong together', () => {
  for (const text of ['0.0.0.0', '10.0.0.255', '255.255.255.255', '::', '::1', 'fe80::1:2:3', '2001:db8::']) {
    const address = parseAddress(text)
    expect(address && formatAddress(address)).toBe(text)
  }
})

test('ranges cover what lies in them, of their own family', () => {
  const [wide, narrow, other, all6] = ['10.0.0.0/8', '10.1.0.0/16', '11.0.0.0/16', '::/0'].map(text => parseRange(text))
  if (!wide || !narrow || !other || !all6) throw new Error('not ranges')
  expect([covers(wide, narrow), covers(narrow, wide), covers(wide, other), covers(wide, wide)]).toEqual([
    ...[true, false, false, true],
  ])
  expect(covers(all6, narrow)).toBe(false)
  expect(rangeOf({family: 6, value: 1n}, 64).text).toBe('::/64')
})
