import {promisify} from 'node:util'
import {
  brotliCompress,
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  deflateRaw,
  deflateRawSync,
  inflateRawSync,
  zstdCompress,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib'
import type {CacheCompression} from '../../contract/cache.js'
import type {JsonValue} from '../../contract/messages.js'

/** What decoding may come to: states of games with views are the largest, and their escapes make six bytes of one. */
const MAX_RAW_BYTES = 16_777_216
/** From here on compressing takes longer than anybody should wait for. */
const THREAD_BYTES = 32_768
/** The least and the most that zlib takes from memory at once. */
const MIN_CHUNK_BYTES = 64
const MAX_CHUNK_BYTES = 262_144

/** A value as it is stored. `json` is its text; the others are bytes. */
export interface Stored {
  readonly form: 'json' | CacheCompression
  readonly data: string | Uint8Array
  readonly rawBytes: number
  readonly storedBytes: number
}

/** Both are told how much text there is, so that one piece of memory is enough. */
interface Compressor {
  compress(text: string, rawBytes: number): Uint8Array
  compressInThread(text: string, rawBytes: number): Promise<Uint8Array>
  expand(data: Uint8Array, rawBytes: number): Buffer
}

const brotliParams = {[constants.BROTLI_PARAM_QUALITY]: 1}
const zstdParams = {[constants.ZSTD_c_compressionLevel]: 1}
/** Half the time of the default, and no larger for what is small. */
const deflateOptions = {level: 1, memLevel: 5, windowBits: 12}
const maxOutputLength = MAX_RAW_BYTES

const COMPRESSORS: Readonly<Record<Exclude<CacheCompression, 'none'>, Compressor>> = {
  brotli: {
    compress: (text, rawBytes) => brotliCompressSync(text, {params: brotliParams, chunkSize: chunkFor(rawBytes)}),
    compressInThread: (text, rawBytes) => {
      return promisify(brotliCompress)(text, {params: brotliParams, chunkSize: chunkFor(rawBytes)})
    },
    expand: (data, rawBytes) => brotliDecompressSync(data, {maxOutputLength, chunkSize: chunkFor(rawBytes)}),
  },
  deflate: {
    compress: (text, rawBytes) => deflateRawSync(text, {...deflateOptions, chunkSize: chunkFor(rawBytes)}),
    compressInThread: (text, rawBytes) => {
      return promisify(deflateRaw)(text, {...deflateOptions, chunkSize: chunkFor(rawBytes)})
    },
    expand: (data, rawBytes) => inflateRawSync(data, {maxOutputLength, chunkSize: chunkFor(rawBytes)}),
  },
  zstd: {
    compress: (text, rawBytes) => zstdCompressSync(text, {params: zstdParams, chunkSize: chunkFor(rawBytes)}),
    compressInThread: (text, rawBytes) => {
      return promisify(zstdCompress)(text, {params: zstdParams, chunkSize: chunkFor(rawBytes)})
    },
    expand: (data, rawBytes) => zstdDecompressSync(data, {maxOutputLength, chunkSize: chunkFor(rawBytes)}),
  },
}

/**
 * Encodes a value that was checked to be JSON. What compression does not make smaller stays text, and so does what another
 * thread is to compress.
 */
export function encodeValue(
  value: JsonValue,
  {compression, compressionThresholdBytes}: {compression: CacheCompression; compressionThresholdBytes: number},
): Stored {
  const text = JSON.stringify(value)
  const rawBytes = Buffer.byteLength(text)
  if (compression !== 'none' && rawBytes >= compressionThresholdBytes && rawBytes < THREAD_BYTES) {
    const compressed = COMPRESSORS[compression].compress(text, rawBytes)
    if (compressed.length < rawBytes) {
      return {form: compression, data: copyExactly(compressed), rawBytes, storedBytes: compressed.length}
    }
  }
  return {form: 'json', data: text, rawBytes, storedBytes: rawBytes}
}

/** True for text that another thread should make smaller. */
export function isForThread(
  {form, rawBytes}: Stored,
  {compression, compressionThresholdBytes}: {compression: CacheCompression; compressionThresholdBytes: number},
): boolean {
  const isLarge = rawBytes >= Math.max(THREAD_BYTES, compressionThresholdBytes)
  return form === 'json' && compression !== 'none' && isLarge
}

/** The same value smaller; undefined when it cannot be made so. */
export async function compressInThread(
  {data, rawBytes}: Stored,
  compression: CacheCompression,
): Promise<Stored | undefined> {
  if (compression === 'none' || typeof data !== 'string') return undefined
  const compressed = await COMPRESSORS[compression].compressInThread(data, rawBytes)
  if (compressed.length >= rawBytes) return undefined
  return {form: compression, data: copyExactly(compressed), rawBytes, storedBytes: compressed.length}
}

/**
 * Decodes what `encodeValue` made, whatever the settings are by now.
 *
 * @throws when it is corrupt.
 */
export function decodeValue({form, data, rawBytes}: Stored): JsonValue {
  if (typeof data === 'string') return JSON.parse(data)
  return JSON.parse(COMPRESSORS[form as keyof typeof COMPRESSORS].expand(data, rawBytes).toString())
}

function chunkFor(rawBytes: number): number {
  // One more, so that the end is seen without a second piece.
  return Math.min(MAX_CHUNK_BYTES, Math.max(MIN_CHUNK_BYTES, rawBytes + 1))
}

/** zlib hands out a part of a larger block, which would stay in memory as a whole. */
function copyExactly(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  copy.set(bytes)
  return copy
}
