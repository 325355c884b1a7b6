import {canonicalAddress} from '../util/ip-address.js'

/**
 * The PROXY protocol, versions 1 and 2, as HAProxy's `doc/proxy-protocol.txt` has it: what a trusted proxy puts in front
 * of a connection to say whose it is.
 */
export type ProxyHeader =
  /** More bytes are needed. */
  | {readonly kind: 'incomplete'}
  | {readonly kind: 'invalid'}
  /** `address` is null when the proxy speaks for itself (a health check) or does not know. */
  | {readonly kind: 'complete'; readonly sizeBytes: number; readonly address: string | null}

const INCOMPLETE: ProxyHeader = {kind: 'incomplete'}
const INVALID: ProxyHeader = {kind: 'invalid'}

const V1_START = Buffer.from('PROXY ')
/** [proxy-protocol 2.1] The longest line, its end included. */
const V1_MAX_BYTES = 107
const V2_SIGNATURE = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a])
const V2_FIXED_BYTES = 16
/** Addresses and extensions of a version 2 header; nothing legitimate comes near it. */
const V2_MAX_BODY_BYTES = 2048

export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  if (startsLike(bytes, V1_START)) return parseV1(bytes)
  return startsLike(bytes, V2_SIGNATURE) ? parseV2(bytes) : INVALID
}

/** True while the bytes so far agree with `start`. */
function startsLike(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  return bytes.subarray(0, length).equals(start.subarray(0, length))
}

function parseV1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, V1_MAX_BYTES).indexOf('\r\n')
  if (end === -1) return bytes.length >= V1_MAX_BYTES ? INVALID : INCOMPLETE
  const sizeBytes = end + 2
  const [, family, source, destination, sourcePort, destinationPort, ...rest] = bytes
    .toString('latin1', 0, end)
    .split(' ')
  if (family === 'UNKNOWN') return {kind: 'complete', sizeBytes, address: null}
  if ((family !== 'TCP4' && family !== 'TCP6') || rest.length > 0) return INVALID
  if (![sourcePort, destinationPort].every(port => /^\d{1,5}$/.test(port ?? '') && Number(port) <= 65_535))
    return INVALID
  const isRightFamily = [source, destination].every(text => text?.includes(':') === (family === 'TCP6'))
  const address = canonicalAddress(source ?? '')
  if (!isRightFamily || address === null || canonicalAddress(destination ?? '') === null) return INVALID
  return {kind: 'complete', sizeBytes, address}
}

function parseV2(bytes: Buffer): ProxyHeader {
  if (bytes.length < V2_FIXED_BYTES) return INCOMPLETE
  const version = bytes.readUInt8(12) >> 4
  const command = bytes.readUInt8(12) & 0x0f
  const bodyBytes = bytes.readUInt16BE(14)
  if (version !== 2 || command > 1 || bodyBytes > V2_MAX_BODY_BYTES) return INVALID
  const sizeBytes = V2_FIXED_BYTES + bodyBytes
  if (bytes.length < sizeBytes) return INCOMPLETE
  // [proxy-protocol 2.2] Command 0 is LOCAL: the proxy itself connects.
  if (command === 0) return {kind: 'complete', sizeBytes, address: null}
  return parseV2Address(bytes.readUInt8(13), bytes.subarray(V2_FIXED_BYTES, sizeBytes), sizeBytes)
}

function parseV2Address(family: number, body: Buffer, sizeBytes: number): ProxyHeader {
  switch (family) {
    case 0x11:
      if (body.length < 12) return INVALID
      return {kind: 'complete', sizeBytes, address: body.subarray(0, 4).join('.')}
    case 0x21: {
      if (body.length < 36) return INVALID
      const groups = Array.from({length: 8}, (_, index) => body.readUInt16BE(index * 2).toString(16))
      return {kind: 'complete', sizeBytes, address: canonicalAddress(groups.join(':'))}
    }
    default:
      return {kind: 'complete', sizeBytes, address: null}
  }
}
