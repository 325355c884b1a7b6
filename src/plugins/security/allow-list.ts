import type {AllowView} from '../../contract/security.js'
import {type AddressNumber, type AddressRange, parseRange} from '../../util/address-range.js'
import {RangeIndex} from './range-index.js'
import {type Allowance, keyOf} from './security-tables.js'
import {rangeTarget, type Target} from './target.js'

/** Whom no block and no rule concerns: users by id, addresses by range. An entry that has ended exempts nobody. */
export class AllowList {
  /** Grows with every change, so that what was derived can be told to be old. */
  version = 0
  /** Entries made while running, by key; bounded by what operators do. */
  readonly #entries = new Map<string, Allowance>()
  readonly #ranges = new RangeIndex<Allowance>()
  #configured = new RangeIndex<Allowance>()
  #spans: readonly (Allowance & {target: Target & {kind: 'users'}})[] = []

  constructor(entries: Iterable<Allowance>) {
    for (const entry of entries) this.put(entry)
  }

  configure(allowedIps: readonly string[]): void {
    this.#configured = new RangeIndex()
    for (const text of allowedIps) {
      const range = parseRange(text)
      if (range === null) continue
      const target = rangeTarget(range)
      const entry = {target, reason: 'security.allowedIps', author: null, isConfigured: true, sinceMs: 0, untilMs: null}
      this.#configured.set(range, entry)
    }
    this.version += 1
  }

  put(entry: Allowance): void {
    const {target} = entry
    this.#entries.set(keyOf(target), entry)
    if ('range' in target) this.#ranges.set(target.range, entry)
    if (target.kind === 'users') this.#changeSpans()
    this.version += 1
  }

  /** False: there was no such entry. */
  remove(target: Target): boolean {
    if (!this.#entries.delete(keyOf(target))) return false
    if ('range' in target) this.#ranges.delete(target.range)
    if (target.kind === 'users') this.#changeSpans()
    this.version += 1
    return true
  }

  /** The entry of just this target. */
  get(target: Target, nowMs: number): Allowance | undefined {
    const entry =
      this.#entries.get(keyOf(target)) ?? ('range' in target ? this.#configured.get(target.range) : undefined)
    return entry !== undefined && isFresh(entry, nowMs) ? entry : undefined
  }

  getByKey(key: string): Allowance | undefined {
    return this.#entries.get(key)
  }

  ofUser(userId: number, nowMs: number): Allowance | undefined {
    const entry = this.#entries.get(`user ${userId}`)
    if (entry !== undefined && isFresh(entry, nowMs)) return entry
    return this.#spans.find(span => span.target.first <= userId && userId <= span.target.last && isFresh(span, nowMs))
  }

  ofAddress(address: AddressNumber, nowMs: number): Allowance | undefined {
    const isWanted = (entry: Allowance) => isFresh(entry, nowMs)
    return this.#configured.find(address, isWanted) ?? this.#ranges.find(address, isWanted)
  }

  /** True when a whole range is exempt. */
  covers(range: AddressRange, nowMs: number): boolean {
    const around = [...this.#configured.around(range), ...this.#ranges.around(range)]
    return around.some(entry => isFresh(entry, nowMs))
  }

  /** In force, newest first. */
  views(nowMs: number): AllowView[] {
    const entries = [...this.#entries.values(), ...this.#configured.values()].filter(entry => isFresh(entry, nowMs))
    return entries.sort((one, other) => other.sinceMs - one.sinceMs).map(toView)
  }

  sweep(nowMs: number): void {
    for (const entry of [...this.#entries.values()]) if (!isFresh(entry, nowMs)) this.remove(entry.target)
  }

  #changeSpans(): void {
    this.#spans = [...this.#entries.values()].filter(
      (entry): entry is Allowance & {target: Target & {kind: 'users'}} => entry.target.kind === 'users',
    )
  }
}

function isFresh({untilMs}: Allowance, nowMs: number): boolean {
  return untilMs === null || nowMs < untilMs
}

function toView({target, reason, author, isConfigured, sinceMs, untilMs}: Allowance): AllowView {
  return {
    target: target.text,
    kind: target.kind,
    reason,
    author,
    isConfigured,
    since: isConfigured ? null : sinceMs,
    until: untilMs,
  }
}
