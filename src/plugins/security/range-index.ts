import {type AddressNumber, type AddressRange, widthOf} from '../../util/address-range.js'

/**
 * Finds the ranges that an address lies in: one look for each length of prefix that is in use, however many ranges there
 * are. Bounded by whoever fills it.
 */
export class RangeIndex<Value> {
  readonly #byFamily = {4: new Map<number, Map<bigint, Value>>(), 6: new Map<number, Map<bigint, Value>>()}
  /** Lengths in use, longest first. */
  readonly #lengths: {4: number[]; 6: number[]} = {4: [], 6: []}
  #size = 0

  get size(): number {
    return this.#size
  }

  get({family, prefixBits, prefix}: AddressRange): Value | undefined {
    return this.#byFamily[family].get(prefixBits)?.get(prefix)
  }

  set(range: AddressRange, value: Value): void {
    const {family, prefixBits, prefix} = range
    const lengths = this.#byFamily[family]
    let values = lengths.get(prefixBits)
    if (values === undefined) {
      values = new Map()
      lengths.set(prefixBits, values)
      this.#lengths[family] = [...lengths.keys()].sort((one, other) => other - one)
    }
    if (!values.has(prefix)) this.#size += 1
    values.set(prefix, value)
  }

  delete({family, prefixBits, prefix}: AddressRange): boolean {
    const lengths = this.#byFamily[family]
    const values = lengths.get(prefixBits)
    if (values?.delete(prefix) !== true) return false
    this.#size -= 1
    if (values.size === 0) {
      lengths.delete(prefixBits)
      this.#lengths[family] = this.#lengths[family].filter(length => length !== prefixBits)
    }
    return true
  }

  /** The value of the narrowest range around an address that `isWanted`. */
  find({family, value}: AddressNumber, isWanted: (found: Value) => boolean): Value | undefined {
    const width = widthOf(family)
    for (const prefixBits of this.#lengths[family]) {
      const found = this.#byFamily[family].get(prefixBits)?.get(value >> BigInt(width - prefixBits))
      if (found !== undefined && isWanted(found)) return found
    }
    return undefined
  }

  /** The values of all ranges around a range, itself included, narrowest first. */
  around({family, prefixBits, prefix}: AddressRange): Value[] {
    return this.#lengths[family]
      .filter(length => length <= prefixBits)
      .flatMap(length => this.#byFamily[family].get(length)?.get(prefix >> BigInt(prefixBits - length)) ?? [])
  }

  *values(): Generator<Value> {
    for (const family of [4, 6] as const) for (const values of this.#byFamily[family].values()) yield* values.values()
  }
}
