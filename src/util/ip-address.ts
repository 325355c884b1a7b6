/**
 * One spelling for each address: IPv4 in dotted form, also when it came as IPv4-mapped IPv6; IPv6 compressed, in lower
 * case, without a zone. Null: not an address.
 */
export function canonicalAddress(text: string): string | null {
  const address = text.replace(/%.*$/, '')
  if (isIpv4(address)) return address
  if (!/^[\da-f:.]+$/i.test(address) || !address.includes(':')) return null
  const compressed = compressIpv6(address)
  return compressed === null ? null : (mappedIpv4(compressed) ?? compressed)
}

/** True for 127.0.0.0/8 and ::1, and for the name `localhost`. */
export function isLoopback(host: string): boolean {
  const address = canonicalAddress(host)
  return host === 'localhost' || address === '::1' || (address?.startsWith('127.') ?? false)
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
}

function compressIpv6(text: string): string | null {
  // The URL parser follows the same grammar and prints the canonical form.
  const url = URL.parse(`http://[${text}]/`)
  return url === null ? null : url.hostname.slice(1, -1)
}

/** `::ffff:7f00:1`, the canonical form of a mapped address, as `127.0.0.1`. */
function mappedIpv4(address: string): string | null {
  const match = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address)
  if (match === null) return null
  const [high, low] = [Number.parseInt(match[1] as string, 16), Number.parseInt(match[2] as string, 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
