import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  deflateRawSync,
  inflateRawSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib'
import type {CacheCompression} from '../../contract/cache.js'
import type {JsonValue} from '../../contract/messages.js'

/** What decoding may come to: the longest escapes make six bytes of one. */
const MAX_RAW_BYTES = 6 * 262_144

/** A value as it is stored. `json` is its text; the others are bytes. */
export interface Stored {
  readonly form: 'json' | CacheCompression
  readonly data: string | Uint8Array
  readonly rawBytes: number
  readonly storedBytes: number
}

interface Compressor {
  compress(text: string): Uint8Array
  expand(data: Uint8Array): Buffer
}

const brotliParams = {[constants.BROTLI_PARAM_QUALITY]: 1}
const zstdParams = {[constants.ZSTD_c_compressionLevel]: 1}
const limit = {maxOutputLength: MAX_RAW_BYTES}

const COMPRESSORS: Readonly<Record<Exclude<CacheCompression, 'none'>, Compressor>> = {
  brotli: {
    compress: text => brotliCompressSync(text, {params: brotliParams}),
    expand: data => brotliDecompressSync(data, limit),
  },
  deflate: {
    compress: text => deflateRawSync(text, {level: 1}),
    expand: data => inflateRawSync(data, limit),
  },
  zstd: {
    compress: text => zstdCompressSync(text, {params: zstdParams}),
    expand: data => zstdDecompressSync(data, limit),
  },
}

/** Encodes a value that was checked to be JSON. What compression does not make smaller stays text. */
export function encodeValue(
  value: JsonValue,
  {compression, compressionThresholdBytes}: {compression: CacheCompression; compressionThresholdBytes: number},
): Stored {
  const text = JSON.stringify(value)
  const rawBytes = Buffer.byteLength(text)
  if (compression !== 'none' && rawBytes >= compressionThresholdBytes) {
    const compressed = COMPRESSORS[compression].compress(text)
    if (compressed.length < rawBytes) {
      return {form: compression, data: copyExactly(compressed), rawBytes, storedBytes: compressed.length}
    }
  }
  return {form: 'json', data: text, rawBytes, storedBytes: rawBytes}
}

/**
 * Decodes what `encodeValue` made, whatever the settings are by now.
 *
 * @throws when it is corrupt.
 */
export function decodeValue({form, data}: Stored): JsonValue {
  if (typeof data === 'string') return JSON.parse(data)
  return JSON.parse(COMPRESSORS[form as keyof typeof COMPRESSORS].expand(data).toString())
}

/** zlib hands out a part of a 16 KiB block, which would stay in memory as a whole. */
function copyExactly(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  copy.set(bytes)
  return copy
}
