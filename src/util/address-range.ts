import {canonicalAddress} from './ip-address.js'

const DOT = 46
const DIGIT_0 = 48
const DIGIT_9 = 57

/** An address or a range of them. A single address is a range of all its bits. */
export interface AddressRange {
  readonly family: 4 | 6
  /** How many leading bits count: 32 or 128 for one address. */
  readonly prefixBits: number
  /** The leading bits, as a number. */
  readonly prefix: bigint
  /** Canonical: `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/64`. */
  readonly text: string
}

/** An address as a number. */
export interface AddressNumber {
  readonly family: 4 | 6
  readonly value: bigint
}

export function widthOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128
}

/** Null: not an address. */
export function parseAddress(text: string): AddressNumber | null {
  const ipv4 = parseIpv4(text)
  if (ipv4 !== null) return {family: 4, value: BigInt(ipv4)}
  const address = canonicalAddress(text)
  if (address === null) return null
  return address.includes(':')
    ? {family: 6, value: ipv6Value(address)}
    : {family: 4, value: BigInt(parseIpv4(address) ?? 0)}
}

/** Reads an address or a range in CIDR form; bits behind the prefix are cleared. Null: neither. */
export function parseRange(text: string): AddressRange | null {
  const [host = '', bits, ...more] = text.split('/')
  const address = parseAddress(host)
  if (address === null || more.length > 0) return null
  const width = widthOf(address.family)
  if (bits === undefined) return rangeOf(address, width)
  // A prefix of `::ffff:0:0/96` and longer is one of IPv4.
  const prefixBits = Number(bits) - (host.includes(':') && address.family === 4 ? 96 : 0)
  if (!/^(0|[1-9]\d{0,2})$/.test(bits) || prefixBits < 0 || prefixBits > width) return null
  return rangeOf(address, prefixBits)
}

/** The range of so many leading bits around an address. */
export function rangeOf({family, value}: AddressNumber, prefixBits: number): AddressRange {
  const hostBits = BigInt(widthOf(family) - prefixBits)
  const prefix = value >> hostBits
  const first = formatAddress({family, value: prefix << hostBits})
  return {family, prefixBits, prefix, text: hostBits === 0n ? first : `${first}/${prefixBits}`}
}

export function formatAddress({family, value}: AddressNumber): string {
  const size = family === 4 ? 8n : 16n
  const parts: string[] = []
  for (let shift = BigInt(widthOf(family)) - size; shift >= 0n; shift -= size) {
    parts.push(((value >> shift) & ((1n << size) - 1n)).toString(family === 4 ? 10 : 16))
  }
  const text = parts.join(family === 4 ? '.' : ':')
  return family === 4 ? text : (canonicalAddress(text) ?? text)
}

/** True when all of `inner` lies in `outer`. */
export function covers(outer: AddressRange, inner: AddressRange): boolean {
  if (outer.family !== inner.family || outer.prefixBits > inner.prefixBits) return false
  return inner.prefix >> BigInt(inner.prefixBits - outer.prefixBits) === outer.prefix
}

/** The common case, without a part of it being made a string. Null: not the dotted form. */
function parseIpv4(text: string): number | null {
  let value = 0
  let part = -1
  let dots = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === DOT) {
      if (part < 0) return null
      value = value * 256 + part
      part = -1
      dots += 1
    } else if (code >= DIGIT_0 && code <= DIGIT_9 && part !== 0) {
      part = Math.max(part, 0) * 10 + code - DIGIT_0
      if (part > 255) return null
    } else return null
  }
  return dots === 3 && part >= 0 ? value * 256 + part : null
}

/** Of the canonical form, in which `::` stands at most once and IPv4 is never dotted. */
function ipv6Value(address: string): bigint {
  const [head = '', tail] = address.split('::')
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({length: 8 - before.length - after.length}, () => '0')
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':')
}
