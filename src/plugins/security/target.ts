import type {BlockKind, SecurityTarget} from '../../contract/security.js'
import {GsError} from '../../errors.js'
import {type AddressRange, parseRange, widthOf} from '../../util/address-range.js'
import {visibleValue} from '../../util/visible-text.js'

const MAX_ID = 4_294_967_295

/** A checked target of a block or an exemption. */
export type Target =
  | {readonly kind: 'user'; readonly text: string; readonly userId: number}
  | {readonly kind: 'users'; readonly text: string; readonly first: number; readonly last: number}
  | {readonly kind: 'address' | 'range'; readonly text: string; readonly range: AddressRange}

/** What can be blocked. */
export type BlockTarget = Exclude<Target, {kind: 'users'}>

export function userTarget(userId: number): BlockTarget {
  return {kind: 'user', text: String(userId), userId}
}

export function rangeTarget(range: AddressRange): BlockTarget & {range: AddressRange} {
  return {kind: range.prefixBits === widthOf(range.family) ? 'address' : 'range', text: range.text, range}
}

/** @throws {GsError} usage for what is no target. */
export function readTarget(target: SecurityTarget): Target {
  if ('user' in target) {
    checkId(target.user)
    return userTarget(target.user)
  }
  if ('users' in target) {
    const {first, last} = target.users
    checkId(first)
    checkId(last)
    if (first > last) throw new GsError('usage', `the users ${first} to ${last} are none`)
    return {kind: 'users', text: `${first}-${last}`, first, last}
  }
  const [text, isRange] = 'cidr' in target ? [target.cidr, true] : [target.ip, false]
  const range = parseRange(text)
  if (range === null || (!isRange && text.includes('/'))) {
    throw new GsError('usage', `not an ${isRange ? 'address or range' : 'address'}: ${visibleValue(text)}`, {
      hint: isRange ? 'Write 203.0.113.0/24 or 2001:db8::/64.' : 'A range such as 203.0.113.0/24 goes with --cidr.',
    })
  }
  return rangeTarget(range)
}

/** @throws {GsError} usage for what is no target, and for a span of users. */
export function readBlockTarget(target: SecurityTarget): BlockTarget {
  const read = readTarget(target)
  if (read.kind !== 'users') return read
  throw new GsError('usage', `a span of users cannot be blocked: ${read.text}`, {hint: 'Name each of them.'})
}

/** What `target.text` was made of, as stored. */
export function parseTargetText(kind: BlockKind | 'users', text: string): Target {
  if (kind === 'user') return readTarget({user: Number(text)})
  if (kind !== 'users') return readTarget({cidr: text})
  const [first, last] = text.split('-').map(Number) as [number, number]
  return readTarget({users: {first, last}})
}

export function toSecurityTarget(target: BlockTarget): SecurityTarget {
  if (target.kind === 'user') return {user: target.userId}
  return target.kind === 'address' ? {ip: target.text} : {cidr: target.text}
}

/** As in "user 42" and "203.0.113.0/24". */
export function describeTarget({kind, text}: Target): string {
  return kind === 'user' || kind === 'users' ? `${kind} ${text}` : text
}

function checkId(id: number): void {
  if (Number.isInteger(id) && id >= 1 && id <= MAX_ID) return
  throw new GsError('usage', `not a user id: ${visibleValue(id)}`, {hint: `Ids are integers from 1 to ${MAX_ID}.`})
}
