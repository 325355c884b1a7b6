import {type ErrorCode, GsError} from '../errors.js'
import {visibleText, visibleValue} from '../util/visible-text.js'
import {nearest} from './nearest.js'

/** One thing that is wrong with a configuration. */
export interface Problem {
  /** Path of the key, as in `server.port`; empty when it is about the whole file. */
  readonly key: string
  /** What the key must be, and what it is instead. */
  readonly reason: string
  /** Where the value comes from, as in `file /etc/gs.config.yaml`. */
  readonly origin: string
  /** Default `config_invalid`. Counts only when this is the one problem. */
  readonly code?: ErrorCode
  readonly hint?: string
}

/** Thrown with every problem found, so that one run is enough to mend them all. */
export class ConfigError extends GsError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[], options: {cause?: unknown} = {}) {
    const [first] = problems
    const isOne = problems.length === 1
    const hint = isOne ? first?.hint : problems.find(problem => problem.hint !== undefined)?.hint
    super((isOne && first?.code) || 'config_invalid', describe(problems), {
      ...options,
      ...(hint === undefined ? {} : {hint}),
    })
    this.problems = problems
  }
}

function describe(problems: readonly Problem[]): string {
  const lines = problems.map(({origin, key, reason}) =>
    [origin, key, reason]
      .filter(part => part !== '')
      .map(visibleText)
      .join(': '),
  )
  return lines.length === 1
    ? (lines[0] as string)
    : [`${lines.length} problems in the configuration`, ...lines].join('\n  ')
}

/** "must be …, got …". */
export function mismatch(expects: string, value: unknown): string {
  return `must be ${expects}, got ${value === undefined ? 'nothing' : visibleValue(value)}`
}

/** "no such key", with the name that was probably meant. */
export function unknownName(what: string, name: string, candidates: readonly string[]): string {
  const suggestion = nearest(name, candidates)
  return suggestion === undefined ? `no such ${what}` : `no such ${what}; did you mean ${suggestion}?`
}
