import process from 'node:process'
import {getSystemErrorName} from 'node:util'

/** What `node:net` itself reads and writes with. */
export interface StreamInternals {
  readonly WriteRequest: new () => object
  /** What the last read or write has to say of itself. */
  readonly state: ArrayLike<number>
  /** Places in it. */
  readonly readBytesOrError: number
  readonly lastWriteWasAsync: number
}

/**
 * Node promises none of this. So it is only used where all of it is found as it is known (null: it is not); otherwise
 * sockets are read and written as streams, which differs in nothing but its price.
 */
export const streamInternals: StreamInternals | null = find()

/** As Node makes it. `errno` is negative. */
export function systemError(syscall: 'read' | 'write', errno: number): Error {
  const code = getSystemErrorName(errno)
  return Object.assign(new Error(`${syscall} ${code}`), {errno, code, syscall})
}

function find(): StreamInternals | null {
  try {
    const {binding} = process as unknown as {binding(name: string): Record<string, unknown>}
    const {
      WriteWrap: WriteRequest,
      streamBaseState: state,
      kReadBytesOrError: readBytesOrError,
      kLastWriteWasAsync: lastWriteWasAsync,
    } = binding('stream_wrap')
    const found = {WriteRequest, state, readBytesOrError, lastWriteWasAsync}
    return isKnown(found) ? found : null
  } catch {
    // A later Node, or one that runs with permissions.
    return null
  }
}

function isKnown(found: {[Name in keyof StreamInternals]: unknown}): found is StreamInternals {
  const {WriteRequest, state, readBytesOrError, lastWriteWasAsync} = found
  return (
    typeof WriteRequest === 'function' &&
    state instanceof Int32Array &&
    typeof readBytesOrError === 'number' &&
    typeof lastWriteWasAsync === 'number'
  )
}
