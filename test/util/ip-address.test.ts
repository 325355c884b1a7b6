import {describe, expect, test} from 'vitest'
import {canonicalAddress, isLoopback} from '../../src/util/ip-address.js'

describe('an address has one spelling', () => {
  test.for([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:7f00:1', '127.0.0.1'],
    ['0:0:0:0:0:ffff:127.0.0.1', '127.0.0.1'],
    ['0000:0000:0000:0000:0000:ffff:7f00:0001', '127.0.0.1'],
    ['::ffff:0:0', '0.0.0.0'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::', '::'],
    ['2001:DB8::00A', '2001:db8::a'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['FE80:0:0:0:0:0:0:1%25', 'fe80::1'],
    // IPv4 inside other prefixes is not the same host.
    ['::127.0.0.1', '::7f00:1'],
    ['64:ff9b::127.0.0.1', '64:ff9b::7f00:1'],
  ] as const)('%s is %s', ([text, address]) => {
    expect(canonicalAddress(text)).toBe(address)
    expect(canonicalAddress(address)).toBe(address)
  })
})

describe('is no address', () => {
  test.for([
    ...[
      '',
      ' ',
      '1',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '01.2.3.4',
      '1.2.3.04',
      '0x7f.0.0.1',
      '0x7f000001',
      '2130706433',
    ],
    ...[
      '127.1',
      '1.2.3.4 ',
      ' 1.2.3.4',
      '1.2.3.4\n',
      '1.2.3.4/8',
      '1.2.3.-4',
      '+1.2.3.4',
      '1.2.3.4:80',
      '1..2.3',
      '1.2.3.',
    ],
    ...[
      'localhost',
      'example.org',
      ':',
      ':::',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '12345::',
      'g::',
      '[::1]',
    ],
    ...['::1/64', '::ffff:256.0.0.1', '::ffff:1.2.3', '::1\n', '%eth0', '1.2.3.4%\n', '١.٢.٣.٤'],
  ])('%j', text => {
    expect(canonicalAddress(text)).toBeNull()
  })
})

test.for([
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.9.9.9', true],
  ['localhost', true],
  ['128.0.0.1', false],
  ['126.255.255.255', false],
  ['0.0.0.0', false],
  ['::', false],
  ['::127.0.0.1', false],
  ['127.example.org', false],
  ['localhost.example.org', false],
  ['', false],
] as const)('%s stays on this machine: %s', ([host, expected]) => {
  expect(isLoopback(host)).toBe(expected)
})
