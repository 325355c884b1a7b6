import {type ErrorCode, GsError} from '../errors.js'
import type {StoreFailure} from './messages.js'

/** Carries a failure through the code of a thread, as it is told to other threads. */
export class StoreFault extends Error {
  readonly failure: StoreFailure

  constructor(failure: StoreFailure, options?: ErrorOptions) {
    super(failure.message, options)
    this.failure = failure
  }
}

const HINTS: Partial<Record<ErrorCode, string>> = {
  store_newer: 'Use the gs that wrote it, or another --data-dir. Nothing was changed.',
  file_exists: 'A backup replaces nothing: take another name.',
}

/** The failure as callers get it. */
export function toError({code, message}: StoreFailure, cause?: unknown): GsError {
  const hint = HINTS[code]
  return new GsError(code, message, {...(cause !== undefined && {cause}), ...(hint !== undefined && {hint})})
}
