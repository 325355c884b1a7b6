import {describe, expect, test} from 'vitest'
import {isAddressOrRange, isHost} from '../../src/config/address.js'

describe('an address or a range', () => {
  test.for(['10.0.0.1', '10.0.0.0/8', '0.0.0.0/0', '::1', 'fd00::/8', '::/0', '::ffff:10.0.0.1', '10.0.0.1/32'])(
    '%s passes',
    text => expect(isAddressOrRange(text)).toBe(true),
  )
  test.for([
    '',
    'localhost',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/08',
    '::/129',
    '::/1/2',
    'fe80::1%eth0',
    7,
    null,
  ])('%s does not', value => expect(isAddressOrRange(value)).toBe(false))
})

describe('a host to listen on', () => {
  test.for(['127.0.0.1', '0.0.0.0', '::', '::1', 'fe80::1%eth0', 'localhost', 'games.example.com', 'a'])(
    '%s passes',
    host => expect(isHost(host)).toBe(true),
  )
  test.for(['', ' ', '300.1.1.1', '1.2.3', 'a b', '-a', 'a..b', 'http://a', 'a:7000', 'ü'])('%s does not', host =>
    expect(isHost(host)).toBe(false),
  )
})
