/** Many JSON readers stop at 64 levels, and `room_joined` puts two around a game's state. */
const MAX_DEPTH = 62

/** Why a value cannot go out as JSON. */
export interface JsonFault {
  readonly kind: 'not_json' | 'too_large'
  /** Names the place in the data and what stands there. */
  readonly reason: string
}

/**
 * Finds what `JSON.stringify` would throw at, drop or change: such data would not be the same after a restart. Absent
 * properties may be written as undefined. A value that must take more than `maxBytes` is `too_large`; as the sizes of
 * escapes and numbers are not looked at, one that passes may still be larger.
 *
 * The size is counted on the way because shared parts count each time they occur: data of a few objects can mean an
 * endless text.
 */
export function findJsonFault(value: unknown, maxBytes: number): JsonFault | undefined {
  return new JsonWalk(maxBytes).run(value)
}

/** Told apart from the words for all other faults. */
const TOO_LARGE = 'too large'

class JsonWalk {
  readonly #maxBytes: number
  #bytes = 0
  /** Where the walk is; after a fault, where the fault is. At most `MAX_DEPTH` deep. */
  readonly #path: Array<string | number> = []
  readonly #ancestors: object[] = []

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  run(value: unknown): JsonFault | undefined {
    const wrong = this.#visit(value)
    if (wrong === undefined) return undefined
    if (wrong === TOO_LARGE) return {kind: 'too_large', reason: `more than ${this.#maxBytes} bytes`}
    return {kind: 'not_json', reason: `${this.#place()}${wrong}`}
  }

  #visit(value: unknown): string | undefined {
    switch (typeof value) {
      case 'boolean':
        return this.#count(4)
      case 'number':
        return Number.isFinite(value) ? this.#count(1) : `the number ${value}`
      case 'string':
        return this.#count(value.length + 2)
      case 'object':
        return value === null ? this.#count(4) : this.#visitObject(value)
      case 'undefined':
        return 'undefined'
      default:
        return `a ${typeof value}`
    }
  }

  #visitObject(value: object): string | undefined {
    if (this.#ancestors.includes(value)) return 'a part that contains itself'
    if (this.#ancestors.length >= MAX_DEPTH) return `more than ${MAX_DEPTH} levels`
    this.#ancestors.push(value)
    // The opening bracket; the closing one takes the place of the last item's comma.
    const wrong = this.#count(1) ?? (Array.isArray(value) ? this.#visitItems(value) : this.#visitProperties(value))
    this.#ancestors.pop()
    return wrong
  }

  #visitItems(items: readonly unknown[]): string | undefined {
    for (let index = 0; index < items.length; index++) {
      this.#path.push(index)
      const wrong = this.#count(1) ?? this.#visit(items[index])
      if (wrong !== undefined) return wrong
      this.#path.pop()
    }
    return undefined
  }

  #visitProperties(value: object): string | undefined {
    if (!isPlain(value)) return `an object of class ${className(value)}`
    for (const key of Object.keys(value)) {
      const property = (value as Record<string, unknown>)[key]
      if (property === undefined) continue
      this.#path.push(key)
      const wrong = this.#count(key.length + 4) ?? this.#visit(property)
      if (wrong !== undefined) return wrong
      this.#path.pop()
    }
    return undefined
  }

  #count(bytes: number): typeof TOO_LARGE | undefined {
    this.#bytes += bytes
    return this.#bytes > this.#maxBytes ? TOO_LARGE : undefined
  }

  #place(): string {
    if (this.#path.length === 0) return ''
    const path = this.#path.map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
    const shown = path.replace(/^\./, '')
    return `${shown.length > 200 ? `${shown.slice(0, 200)}…` : shown} is `
  }
}

function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value)
  // The second holds for plain objects of another realm, too.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function className(value: object): string {
  const maker: unknown = Reflect.get(value, 'constructor')
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'its own'
}
