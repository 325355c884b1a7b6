import {userInfo} from 'node:os'
import {Args, Flags} from '@oclif/core'

import type {SecurityTarget, TargetResult} from '../contract/security.js'
import {GsError} from '../errors.js'
import {MAX_ID} from '../protocol/limits.js'
import {durationFlag} from './flags.js'
import {parseId} from './ids.js'

const MIN_FOR_MS = 1000

/** Users as arguments; addresses and ranges are flags. */
export const targetArgument = {
  user: Args.string({description: 'Ids of users.', ignoreStdin: true}),
}

export const addressFlags = {
  ip: Flags.string({
    description: 'An address. May be given several times.',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'ADDRESS',
  }),
  cidr: Flags.string({
    description: 'A range of addresses, likewise.',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'RANGE',
  }),
}

export const forFlag = durationFlag({description: 'How long. Left out: until somebody ends it.', minMs: MIN_FOR_MS})

export const reasonFlag = Flags.string({
  description: 'For those who look at it later, at most 500 characters.',
  helpValue: 'TEXT',
})

/** Filters of lists of blocks. */
export const blockFilterFlags = {
  ip: Flags.string({description: 'Only those that cover this address.', helpValue: 'ADDRESS'}),
  cidr: Flags.string({description: 'Only those within this range.', helpValue: 'RANGE'}),
  rule: Flags.string({description: 'Only those that this rule made.', helpValue: 'RULE'}),
  since: durationFlag({description: 'Only those made within this time.'}),
}

/**
 * The targets that a command line names, each once. `mayBeSpans`: 10-19 are all users from 10 to 19.
 *
 * @throws {GsError} usage for what is no id.
 */
export function readTargets(
  ids: readonly unknown[],
  {ip = [], cidr = []}: {ip?: readonly string[] | undefined; cidr?: readonly string[] | undefined},
  {mayBeSpans = false} = {},
): SecurityTarget[] {
  return [
    ...[...new Set(ids.map(String))].map(text => readUser(text, mayBeSpans)),
    ...[...new Set(ip)].map(text => ({ip: text})),
    ...[...new Set(cidr)].map(text => ({cidr: text})),
  ]
}

/** @throws {GsError} usage when there is none. */
export function assertTargets(targets: readonly SecurityTarget[]): void {
  if (targets.length > 0) return
  throw new GsError('usage', 'nobody is named', {hint: 'Give ids of users, --ip or --cidr.'})
}

/** Who types, for the audit. */
export function actorName(): string {
  try {
    return userInfo().username
  } catch {
    // An account that has no name has a number.
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

/** How a command ends that tried several targets: 3 when one was not found, 1 when one could not be done. */
export function exitStatusOf(results: readonly TargetResult[]): 0 | 1 | 3 {
  if (results.some(({outcome}) => outcome === 'not_found' || outcome === 'not_allowed')) return 3
  return results.some(({outcome}) => outcome === 'refused' || outcome === 'configured') ? 1 : 0
}

function readUser(text: string, mayBeSpans: boolean): SecurityTarget {
  const [first, last, ...more] = text.split('-')
  if (mayBeSpans && last !== undefined && more.length === 0) {
    return {users: {first: readId(first as string), last: readId(last)}}
  }
  return {user: readId(text)}
}

function readId(text: string): number {
  return parseId('user', text, `Ids are integers from 1 to ${MAX_ID}; addresses go with --ip, ranges with --cidr.`)
}
