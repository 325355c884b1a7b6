import {type StreamInternals, streamInternals} from './stream-internals.js'

/**
 * Writing to a socket past its stream. A message to a room is as many writes as the room has members, and what Node's
 * writable stream does around each, with a request made for it, takes a sixth of the time of a large room.
 */
export interface SocketHandle {
  /** 0, or the negative number of an error; undefined once the handle is closed. */
  writeBuffer(request: WriteRequest, bytes: Buffer): number | undefined
}

/** Who is told what became of a write that the kernel did not take at once. */
export interface WriteOwner {
  /** `error` is 0, or the negative number of an error. */
  onWritten(sizeBytes: number, error: number): void
}

interface WriteRequest {
  oncomplete: (this: WriteRequest, error: number) => void
  /** Until it is written, so that it is not collected. */
  bytes: Buffer | null
  owner: WriteOwner | null
}

/** A write that goes on in the background; other answers are 0 and the numbers of errors. */
export const UNFINISHED = 1

/** What the kernel takes at once leaves its request as good as new. */
let spare: WriteRequest | null = null

/** Null: this socket has to be written to as a stream. */
export function handleOf(socket: object): SocketHandle | null {
  if (streamInternals === null) return null
  const {_handle: handle} = socket as {_handle?: Partial<SocketHandle> | null}
  return typeof handle?.writeBuffer === 'function' ? (handle as SocketHandle) : null
}

/** Returns 0 when the kernel took all, `UNFINISHED` when the owner will be told, or the negative number of an error. */
export function writeDirectly(handle: SocketHandle, bytes: Buffer, owner: WriteOwner): number {
  const {WriteRequest, state, lastWriteWasAsync} = streamInternals as StreamInternals
  const request = spare ?? (new WriteRequest() as WriteRequest)
  spare = request
  const error = handle.writeBuffer(request, bytes)
  // Of a closed socket everybody is told otherwise.
  if (error === undefined) return 0
  if (error !== 0) return error
  if (state[lastWriteWasAsync] === 0) return 0
  request.oncomplete = onComplete
  request.bytes = bytes
  request.owner = owner
  spare = null
  return UNFINISHED
}

function onComplete(this: WriteRequest, error: number): void {
  const {owner, bytes} = this
  this.owner = null
  this.bytes = null
  owner?.onWritten(bytes?.length ?? 0, error)
}
