import {Flags} from '@oclif/core'
import type {FlagValue} from '../config/load.js'
import {GsError} from '../errors.js'
import {formatDuration, parseDuration} from '../units.js'

/** The configuration file of commands that read one. */
export const configFlag = Flags.string({
  description: withVariable('Configuration file to read, instead of searching the working folder.', 'GS_CONFIG'),
  helpValue: 'FILE',
})

/** A flag that takes a duration with a unit, and gives milliseconds; at least `minMs`, at most `maxMs` of them. */
export const durationFlag = Flags.custom<number, {minMs?: number; maxMs?: number}>({
  async parse(text, _context, {minMs = 0, maxMs = Number.MAX_SAFE_INTEGER}) {
    const durationMs = parseDuration(text)
    if (durationMs < minMs) throw new GsError('usage', `must be at least ${formatDuration(minMs)}, not ${text}`)
    if (durationMs > maxMs) throw new GsError('usage', `must be at most ${formatDuration(maxMs)}, not ${text}`)
    return durationMs
  },
  helpValue: 'DURATION',
})

/**
 * Names the variable that does the same as a flag. oclif's own `env` is not used for what the configuration reads from
 * the environment, too: `gs config show` could not tell a flag from a variable.
 */
export function withVariable(description: string, variable: string): string {
  return `${description} [env: ${variable}]`
}

/** Parsed flags as values of the configuration keys they stand for; flags that were not given set nothing. */
export function flagValues(flags: Record<string, unknown>, keys: Readonly<Record<string, string>>): FlagValue[] {
  return Object.entries(keys).map(([flag, key]) => ({key, flag: `--${flag}`, value: flags[flag]}))
}
