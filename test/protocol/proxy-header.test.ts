import {describe, expect, test} from 'vitest'
import {parseProxyHeader} from '../../src/protocol/proxy-header.js'

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const PAYLOAD = Buffer.from('{"type":"hello"}\n')

const NO_BODY = Buffer.alloc(0)

interface V2 {
  readonly verb?: number
  readonly family?: number
  readonly body?: Buffer
  readonly lengthBytes?: number
}

/** A version 2 header; `lengthBytes` is what it says of its own body. */
function v2({verb = 0x21, family = 0x11, body = NO_BODY, lengthBytes = body.length}: V2): Buffer {
  const head = Buffer.from([...SIGNATURE, verb, family, 0, 0])
  head.writeUInt16BE(lengthBytes, 14)
  return Buffer.concat([head, body])
}

const IPV4 = Buffer.from([203, 0, 113, 9, 127, 0, 0, 1, 0x1f, 0x90, 0x1b, 0x58])
const address6 = (source: readonly number[]) => Buffer.concat([Buffer.from(source), Buffer.alloc(16), Buffer.alloc(4)])
const IPV6 = address6([0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 5])
const MAPPED = address6([...Array(10).fill(0), 0xff, 0xff, 203, 0, 113, 9])
const EXTENSION = Buffer.from([0x04, 0x00, 0x02, 0x61, 0x62])

const v1 = (line: string) => Buffer.from(`${line}\r\n`, 'latin1')

describe.for([
  ['version 1, IPv4', v1('PROXY TCP4 203.0.113.9 127.0.0.1 8080 7000'), '203.0.113.9'],
  ['version 1, IPv6', v1('PROXY TCP6 2001:DB8:0:0:0:0:0:5 ::1 8080 7000'), '2001:db8::5'],
  ['version 1, IPv4 mapped into IPv6', v1('PROXY TCP6 ::ffff:203.0.113.9 ::1 8080 7000'), '203.0.113.9'],
  ['version 1, the outermost ports', v1('PROXY TCP4 203.0.113.9 127.0.0.1 0 65535'), '203.0.113.9'],
  ['version 1, unknown', v1('PROXY UNKNOWN'), null],
  ['version 1, unknown with words', v1('PROXY UNKNOWN ffff:: ffff:: 65535 65535'), null],
  ['version 2, IPv4', v2({body: IPV4}), '203.0.113.9'],
  ['version 2, IPv6', v2({family: 0x21, body: IPV6}), '2001:db8::5'],
  ['version 2, IPv4 mapped into IPv6', v2({family: 0x21, body: MAPPED}), '203.0.113.9'],
  ['version 2, with an extension', v2({body: Buffer.concat([IPV4, EXTENSION])}), '203.0.113.9'],
  ['version 2, local', v2({verb: 0x20, family: 0}), null],
  ['version 2, local with an address', v2({verb: 0x20, body: IPV4}), null],
  ['version 2, unspecified', v2({family: 0}), null],
  ['version 2, a local socket', v2({family: 0x31, body: Buffer.alloc(216)}), null],
  ['version 2, datagrams', v2({family: 0x12, body: IPV4}), null],
  ['version 2, the longest that is taken', v2({family: 0, body: Buffer.alloc(2048)}), null],
] as const)('%s', ([, header, address]) => {
  test('says whose the connection is, and where its own bytes begin', () => {
    const expected = {kind: 'complete', sizeBytes: header.length, address}
    expect(parseProxyHeader(header)).toEqual(expected)
    expect(parseProxyHeader(Buffer.concat([header, PAYLOAD]))).toEqual(expected)
  })

  test('is waited for, wherever it is cut', () => {
    for (let length = 0; length < header.length; length += 1) {
      expect(parseProxyHeader(header.subarray(0, length)), `${length} bytes`).toEqual({kind: 'incomplete'})
    }
  })
})

describe('is no header', () => {
  test.for([
    ['a conversation without one', PAYLOAD],
    ['a web request', v1('GET / HTTP/1.1')],
    ['a word that begins alike', v1('PROXYING')],
    ['lower case', v1('proxy TCP4 203.0.113.9 127.0.0.1 8080 7000')],
    ['no family', v1('PROXY ')],
    ['another family', v1('PROXY UDP4 203.0.113.9 127.0.0.1 8080 7000')],
    ['no addresses', v1('PROXY TCP4')],
    ['no ports', v1('PROXY TCP4 203.0.113.9 127.0.0.1')],
    ['one port', v1('PROXY TCP4 203.0.113.9 127.0.0.1 8080')],
    ['a word too many', v1('PROXY TCP4 203.0.113.9 127.0.0.1 8080 7000 x')],
    ['two spaces', v1('PROXY TCP4  203.0.113.9 127.0.0.1 8080 7000')],
    ['a port too high', v1('PROXY TCP4 203.0.113.9 127.0.0.1 65536 7000')],
    ['a negative port', v1('PROXY TCP4 203.0.113.9 127.0.0.1 -1 7000')],
    ['a port that is no number', v1('PROXY TCP4 203.0.113.9 127.0.0.1 http 7000')],
    ['IPv6 called IPv4', v1('PROXY TCP4 2001:db8::5 ::1 8080 7000')],
    ['IPv4 called IPv6', v1('PROXY TCP6 203.0.113.9 127.0.0.1 8080 7000')],
    ['families mixed', v1('PROXY TCP4 203.0.113.9 ::1 8080 7000')],
    ['an address with a part too high', v1('PROXY TCP4 256.0.113.9 127.0.0.1 8080 7000')],
    ['an address with a leading zero', v1('PROXY TCP4 203.0.113.09 127.0.0.1 8080 7000')],
    ['an address that is a name', v1('PROXY TCP4 localhost 127.0.0.1 8080 7000')],
    ['another line end', Buffer.from(`PROXY TCP4 203.0.113.9 127.0.0.1 8080 7000\n${' '.repeat(80)}`)],
    ['no line end within 107 bytes', Buffer.from(`PROXY UNKNOWN ${'x'.repeat(93)}`)],
    ['a line end after 107 bytes', v1(`PROXY UNKNOWN ${'x'.repeat(92)}`)],
    ['a signature with a wrong last byte', Buffer.from([...SIGNATURE.subarray(0, 11), 0x0b])],
    ['version 1 in the form of version 2', v2({verb: 0x11, body: IPV4})],
    ['version 3', v2({verb: 0x31, body: IPV4})],
    ['a command that is none', v2({verb: 0x22, body: IPV4})],
    ['too few bytes for IPv4', v2({body: IPV4.subarray(0, 11)})],
    ['too few bytes for IPv6', v2({family: 0x21, body: IPV6.subarray(0, 35)})],
    ['a length beyond reason', v2({lengthBytes: 2049})],
    ['the greatest length there is', v2({lengthBytes: 65_535})],
  ] as const)('%s', ([, bytes]) => {
    expect(parseProxyHeader(bytes)).toEqual({kind: 'invalid'})
  })

  test('the first byte alone decides for most', () => {
    const possible = Array.from({length: 256}, (_, byte) => byte).filter(
      byte => parseProxyHeader(Buffer.of(byte)).kind === 'incomplete',
    )
    expect(possible).toEqual([0x0d, 'P'.charCodeAt(0)])
  })

  test('a version 1 line may have 107 bytes, its end included', () => {
    expect(parseProxyHeader(v1(`PROXY UNKNOWN ${'x'.repeat(91)}`)).kind).toBe('complete')
  })
})
