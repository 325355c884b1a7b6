import type {Envelope, ErrorAnswer} from '../../contract/admin.js'
import {type ErrorCode, GsError} from '../../errors.js'
import {visibleText} from '../../util/visible-text.js'

const VERSION = 1
const CODE = /^[a-z][a-z0-9_]{0,63}$/
const HINT = 'Use the gs that belongs to the server: "gs status" and "gs --version" show both versions.'

export interface RawAnswer {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly body: string
}

/**
 * The data of an answer.
 *
 * @throws {GsError} with the code the server answered, also one that this version does not know; version_mismatch when
 * the route is unknown there, or the answer is none.
 */
export function readAnswer<Data>(answer: RawAnswer): Data {
  const content = parse(answer.body)
  if (isEnvelope(content)) {
    if (content.v === VERSION) return content.data as Data
    const message = `the server speaks version ${visibleText(String(content.v))} of the admin channel, this gs speaks ${VERSION}`
    throw new GsError('version_mismatch', message, {hint: HINT})
  }
  throw readError(answer, content)
}

/** What a refused request failed with. */
export function readRefusal(answer: RawAnswer): GsError {
  return readError(answer, parse(answer.body))
}

function readError({method, path, status}: RawAnswer, content: unknown): GsError {
  const error = errorOf(content)
  if (error !== null) {
    const hint = error.hint ?? (error.code === 'version_mismatch' ? HINT : undefined)
    return new GsError(error.code as ErrorCode, error.message, hint === undefined ? {} : {hint})
  }
  const shown = visibleText(`${method} ${path}`)
  const message =
    status === 404 || status === 405
      ? `the server does not know ${shown}`
      : `the server answered ${shown} with something else (status ${status})`
  return new GsError('version_mismatch', message, {hint: HINT})
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // Not JSON: the caller says so, with the request.
    return null
  }
}

function isEnvelope(content: unknown): content is Envelope<unknown> {
  return isObject(content) && 'data' in content && 'v' in content
}

function errorOf(content: unknown): ErrorAnswer['error'] | null {
  if (!isObject(content) || !isObject(content.error)) return null
  const {code, message, hint} = content.error
  if (typeof code !== 'string' || !CODE.test(code) || typeof message !== 'string') return null
  return {code, message, hint: typeof hint === 'string' ? hint : null}
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
