import {nearest} from '../config/nearest.js'
import {GsError} from '../errors.js'

/**
 * Turns what oclif throws while it parses into a `usage` error. Left alone, a value that cannot be read ends with status 1
 * and a missing flag with status 2.
 */
export function toUsageError(error: unknown, {command, flags}: {command: string; flags: readonly string[]}): unknown {
  if (!isParseFailure(error)) return error
  const [, flag, reason] = /^Parsing (--\S+) \n\t([\s\S]*)$/.exec(withoutHelpLine(error.message)) ?? []
  const message = flag === undefined ? withoutHelpLine(error.message) : `${flag}: ${reason}`
  const hint = (GsError.is(error) && error.hint) || suggestFlag(error, flags) || `See ${command} --help`
  return new GsError('usage', message, {cause: error, hint})
}

/** oclif's own errors and those of a flag's `parse`; a TypeError and its like are bugs and stay what they are. */
function isParseFailure(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  return 'oclif' in error || GsError.is(error) || Object.getPrototypeOf(error) === Error.prototype
}

function withoutHelpLine(message: string): string {
  return message.replace(/\nSee more help with --help$/, '')
}

function suggestFlag(error: object, flags: readonly string[]): string | undefined {
  const unknown = (error as {flags?: readonly unknown[]}).flags?.[0]
  if (typeof unknown !== 'string') return undefined
  const suggestion = nearest(unknown.replace(/^-+|=.*$/g, ''), [...flags, 'json', 'help'])
  return suggestion && `Did you mean --${suggestion}?`
}
