import {Flags} from '@oclif/core'

import {GsError} from '../errors.js'
import {CHECKED_NUMBERS, type CheckedName} from '../ops/check/checked-numbers.js'
import type {Limit} from '../ops/check/run-check.js'
import {visibleValue} from '../util/visible-text.js'

type TextFlag = ReturnType<typeof textFlag>

const NAMES = Object.keys(CHECKED_NUMBERS) as CheckedName[]

/** Two flags for each number that has a name, and two for all others. */
export const checkFlags = {
  warn: Flags.string({
    description: 'Warn by any number of gs metrics --json, as in closeReasons.slow_consumer=0. May be repeated.',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'NUMBER=RANGE',
  }),
  critical: Flags.string({
    description: 'The same, and critical. May be repeated.',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'NUMBER=RANGE',
  }),
  ...Object.fromEntries(
    NAMES.flatMap(name => {
      const {description} = CHECKED_NUMBERS[name]
      return [
        [`${name}-warn`, textFlag(`Warn by ${description}.`)],
        [`${name}-critical`, textFlag(`Critical by ${description}.`)],
      ]
    }),
  ),
} as Readonly<Record<`${CheckedName}-warn` | `${CheckedName}-critical`, TextFlag>> & {
  readonly warn: ReturnType<typeof listFlag>
  readonly critical: ReturnType<typeof listFlag>
}

/**
 * What the flags ask for.
 *
 * @throws {GsError} usage for one that has no `=`.
 */
export function limitsOf(flags: Readonly<Record<string, unknown>>): Limit[] {
  const others = new Map<string, {warn?: string; critical?: string}>()
  for (const level of ['warn', 'critical'] as const) {
    for (const text of (flags[level] ?? []) as string[]) {
      const [, name, range] = /^\s*([\w.-]+)\s*=(.*)$/s.exec(text) ?? []
      if (name === undefined || range === undefined) throw notALimit(text)
      others.set(name, {...others.get(name), [level]: range})
    }
  }
  const named = NAMES.map(name => ({name, warn: flags[`${name}-warn`], critical: flags[`${name}-critical`]}) as Limit)
  return [
    ...named.filter(({warn, critical}) => warn !== undefined || critical !== undefined),
    ...[...others].map(([name, {warn, critical}]) => ({name, warn, critical})),
  ]
}

function textFlag(description: string) {
  return Flags.string({description, helpValue: 'RANGE', helpGroup: 'LIMIT'})
}

function listFlag() {
  return Flags.string({multiple: true})
}

function notALimit(text: string): GsError {
  return new GsError('usage', `not a limit: ${visibleValue(text)}`, {
    hint: 'Write the name of a number, = and a range, as in messagesPerSecond=5: for at least 5.',
  })
}
