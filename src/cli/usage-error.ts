import {nearest} from '../config/nearest.js'
import {GsError} from '../errors.js'

/**
 * Turns what oclif throws while it parses into a `usage` error. Left alone, a value that cannot be read ends with status 1
 * and a missing flag with status 2.
 */
export function toUsageError(error: unknown, {command, flags}: {command: string; flags: readonly string[]}): unknown {
  if (!isParseFailure(error)) return error
  const [, flag, reason] = /^Parsing (--\S+) \n\t([\s\S]*)$/.exec(plainMessage(error)) ?? []
  const message = (flag === undefined ? plainMessage(error) : `${flag}: ${reason}`).replaceAll(/\s*\n\s*/g, ' ')
  const hint = (GsError.is(error) && error.hint) || suggestFlag(error, flags) || `See ${command} --help`
  return new GsError('usage', message, {cause: error, hint})
}

interface MissingArgument {
  readonly name: string
  readonly description?: string
  readonly options?: readonly string[]
}

/** oclif's own errors and those of a flag's `parse`; a TypeError and its like are bugs and stay what they are. */
function isParseFailure(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  return 'oclif' in error || GsError.is(error) || Object.getPrototypeOf(error) === Error.prototype
}

/** Without oclif's line on --help, its heading of a single error, and with flags and arguments as they are typed. */
function plainMessage(error: Error): string {
  const plain = error.message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following error occurred:\n +/, '')
    .replace(/^Missing required flag (\w\S*)$/, '--$1 is missing')
    .replace(/^Nonexistent flags?: /, 'there is no flag ')
  return /^Missing \d+ required arg/.test(plain) ? missingArguments(error) : plain
}

function missingArguments(error: Error): string {
  const args = (error as {args?: readonly MissingArgument[]}).args ?? []
  const list = args.map(({name, description, options}) =>
    [name.toUpperCase(), options && `one of ${options.join(', ')}`, description].filter(Boolean).join(', '),
  )
  return `missing: ${list.join('; ')}`
}

function suggestFlag(error: object, flags: readonly string[]): string | undefined {
  const unknown = (error as {flags?: readonly unknown[]}).flags?.[0]
  if (typeof unknown !== 'string') return undefined
  const suggestion = nearest(unknown.replace(/^-+|=.*$/g, ''), [...flags, 'json', 'help'])
  return suggestion && `Did you mean --${suggestion}?`
}
