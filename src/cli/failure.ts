import {ERRORS, GsError} from '../errors.js'
import {visibleLines} from '../util/visible-text.js'

/** How the end of a command is told. */
export interface Failure {
  readonly exitCode: number
  /** What `--json` prints on stdout, on one line, so that whoever reads a stream of objects line by line finds it. */
  readonly json: {readonly error: {readonly code: string; readonly message: string; readonly hint: string | null}}
  /** For stderr; ends with a line break. */
  readonly words: string
}

/** The one place that turns an error into an exit status and words. What is no `GsError` is a bug and shows its stack. */
export function describeFailure(error: unknown): Failure {
  if (GsError.is(error)) {
    const {code, message, hint} = error
    const words = visibleLines(`gs: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`)
    return {exitCode: ERRORS[code]?.exitCode ?? 1, json: {error: {code, message, hint: hint ?? null}}, words}
  }
  const {message, stack} = error instanceof Error ? error : new Error(String(error))
  return {
    exitCode: 1,
    json: {error: {code: 'internal', message, hint: null}},
    words: visibleLines(`gs: this is a bug in gs\n${stack ?? message}\n`),
  }
}
