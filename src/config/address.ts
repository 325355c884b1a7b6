import {canonicalAddress} from '../util/ip-address.js'

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i

/** True for an address (without a zone) or a range in CIDR form. */
export function isAddressOrRange(value: unknown): boolean {
  if (typeof value !== 'string') return false
  const [text, bits, ...more] = value.split('/') as [string, string?, ...string[]]
  if (more.length > 0 || text.includes('%') || canonicalAddress(text) === null) return false
  return bits === undefined || (/^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (text.includes(':') ? 128 : 32))
}

/** True for what a server can listen on: an address, or a name that could be one's. */
export function isHost(text: string): boolean {
  // Digits and dots alone are an address or a mistyped one, never a name.
  return canonicalAddress(text) !== null || (HOST_NAME.test(text) && !/^[\d.]+$/.test(text))
}
