import type {JsonValue} from '../../contract/messages.js'
import {GsError} from '../../errors.js'

/** What a value may take as JSON: as much as a frame to a client. */
export const MAX_VALUE_BYTES = 262_144
const MAX_DEPTH = 62

/**
 * Checks that `value` is JSON, freezes it all the way down and estimates how long it is as text: escapes and characters
 * beyond ASCII are not looked at. Properties that are undefined count as absent.
 *
 * @throws {GsError} usage for what is no JSON, is nested too deep or is too large; nothing is said of parts before it,
 * which may be frozen by then.
 */
export function freezeJson(value: unknown): number {
  return new Walk({freezes: true, maxBytes: MAX_VALUE_BYTES, maxDepth: MAX_DEPTH}).visit(value, 0)
}

/** The same without freezing, for what the server has checked: states of games may be larger and deeper. */
export function measureJson(value: unknown): number {
  return new Walk({freezes: false, maxBytes: Number.POSITIVE_INFINITY, maxDepth: 2 * MAX_DEPTH}).visit(value, 0)
}

/** For values that were checked before or come out of JSON. */
export function freezeParsed<Value extends JsonValue>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const key in value) freezeParsed((value as Record<string, JsonValue>)[key] as JsonValue)
  return Object.freeze(value)
}

interface WalkLimits {
  readonly freezes: boolean
  readonly maxBytes: number
  readonly maxDepth: number
}

class Walk {
  readonly #limits: WalkLimits
  #bytes = 0

  constructor(limits: WalkLimits) {
    this.#limits = limits
  }

  /** The bytes so far. A part that contains itself ends at the depth. */
  visit(value: unknown, depth: number): number {
    switch (typeof value) {
      case 'string':
        return this.#count(value.length + 2)
      case 'number':
        if (!Number.isFinite(value)) throw notJson(`the number ${value}`)
        return this.#count(lengthOf(value))
      case 'boolean':
        return this.#count(value ? 4 : 5)
      case 'object':
        return value === null ? this.#count(4) : this.#visitObject(value, depth)
      default:
        throw notJson(value === undefined ? 'undefined' : `a ${typeof value}`)
    }
  }

  #visitObject(value: object, depth: number): number {
    const {freezes, maxDepth} = this.#limits
    if (depth === maxDepth) throw notJson(`more than ${maxDepth} levels, or a part that contains itself`)
    if (Array.isArray(value)) {
      this.#count(2 + Math.max(0, value.length - 1))
      for (let index = 0; index < value.length; index += 1) this.visit(value[index], depth + 1)
    } else {
      if (!isPlain(value)) throw notJson('an object of a class')
      let properties = 0
      for (const key of Object.keys(value)) {
        const property = (value as Record<string, unknown>)[key]
        if (property === undefined) continue
        this.#count(key.length + 3)
        this.visit(property, depth + 1)
        properties += 1
      }
      this.#count(2 + Math.max(0, properties - 1))
    }
    if (freezes) Object.freeze(value)
    return this.#bytes
  }

  #count(bytes: number): number {
    this.#bytes += bytes
    const {maxBytes} = this.#limits
    if (this.#bytes > maxBytes) {
      throw new GsError('usage', `a value may take ${maxBytes} bytes as JSON, and this one takes more`)
    }
    return this.#bytes
  }
}

function lengthOf(value: number): number {
  if (!Number.isInteger(value)) return String(value).length
  let digits = value < 0 ? 2 : 1
  for (let rest = Math.abs(value); rest >= 10; rest /= 10) digits += 1
  return digits
}

function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value)
  // The last holds for plain objects of another realm, too.
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null
}

function notJson(what: string): GsError {
  return new GsError('usage', `a value must be JSON, and ${what} is not`)
}
