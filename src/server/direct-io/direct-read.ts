import type {Socket} from 'node:net'
import {type StreamInternals, streamInternals, systemError} from './stream-internals.js'

/**
 * Reading from a socket past its stream. Around each read Node's readable stream takes new memory, makes objects for it
 * and puts some of its work off, which all in all is an eighth of the time of many small rooms.
 *
 * All sockets are read into the same memory, as whatever was read is dealt with before anything else is read.
 */
export interface Receiver {
  /** `bytes` are good until it returns. */
  onBytes(bytes: Buffer): void
}

const RECEIVER = Symbol('receiver')
/** As much as Node reads at once. */
const MEMORY_BYTES = 65_536

interface Handle {
  /** Node's own note of whether it is being read. */
  reading: boolean
  onread: (this: Handle, bytes: unknown) => void
  useUserBuffer(memory: Buffer): void
  /** Both return 0, or the negative number of an error. */
  readStart(): number
  readStop(): number
  [RECEIVER]?: Receiver
}

const memory = Buffer.allocUnsafeSlow(MEMORY_BYTES)
/** What Node does after a read; the same for all sockets. */
let nodesOnRead: Handle['onread'] | null = null

/** Reads a socket that nothing was read from, directly or, where that is not possible, as a stream. */
export function startReading(socket: Socket, receiver: Receiver): void {
  const handle = handleOf(socket)
  if (streamInternals === null || !isKnown(handle)) {
    socket.on('data', bytes => receiver.onBytes(bytes))
    return
  }
  nodesOnRead ??= handle.onread
  handle[RECEIVER] = receiver
  // biome-ignore lint/correctness/useHookAtTopLevel: a method of Node's, no hook of a component
  handle.useUserBuffer(memory)
  handle.onread = onRead
}

export function holdReading(socket: Socket): void {
  const handle = handleOf(socket)
  if (!isDirect(handle)) socket.pause()
  else if (handle.reading) setReading(socket, handle, false)
}

export function resumeReading(socket: Socket): void {
  const handle = handleOf(socket)
  if (!isDirect(handle)) socket.resume()
  else if (!handle.reading) setReading(socket, handle, true)
}

function setReading(socket: Socket, handle: Handle, isReading: boolean): void {
  handle.reading = isReading
  const errno = isReading ? handle.readStart() : handle.readStop()
  if (errno !== 0) socket.destroy(systemError('read', errno))
}

/** What it returned would be read into the next time. */
function onRead(this: Handle, bytes: unknown): void {
  const {state, readBytesOrError} = streamInternals as StreamInternals
  const sizeBytes = state[readBytesOrError] as number
  if (sizeBytes > 0) this[RECEIVER]?.onBytes(memory.subarray(0, sizeBytes))
  // An error, or the end of what the peer sends: these the stream has to know of.
  else if (sizeBytes < 0) nodesOnRead?.call(this, bytes)
}

function handleOf(socket: object): Partial<Handle> | null {
  return (socket as {_handle?: Partial<Handle> | null})._handle ?? null
}

function isDirect(handle: Partial<Handle> | null): handle is Handle {
  return handle?.[RECEIVER] !== undefined
}

function isKnown(handle: Partial<Handle> | null): handle is Handle {
  const {reading, onread, useUserBuffer, readStart, readStop} = handle ?? {}
  const isCallable = [onread, useUserBuffer, readStart, readStop].every(part => typeof part === 'function')
  return isCallable && typeof reading === 'boolean'
}
