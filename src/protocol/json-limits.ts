/** Bounds on JSON whose shape is the sender's choice: game actions and options. */
export interface JsonLimits {
  /** Deepest nesting; the frame's own object is level 1. */
  readonly maxDepth: number
  /** Most keys in one object. */
  readonly maxKeys: number
}

/** Keys that change an object's behaviour when careless code copies them. */
const HOSTILE_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Says what is wrong with a value that stands at level `depth`, or null. Never recurses deeper than the limit, so the
 * stack is safe whatever came in.
 */
export function findJsonProblem(value: unknown, limits: JsonLimits, depth: number): string | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : 'a string has a lone surrogate'
  // 1e999 reads as Infinity, which no JSON can pass on.
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number is too large'
  if (typeof value !== 'object' || value === null) return null
  if (depth > limits.maxDepth) return `nested deeper than ${limits.maxDepth} levels`
  return Array.isArray(value) ? findInArray(value, limits, depth) : findInObject(value, limits, depth)
}

function findInArray(items: readonly unknown[], limits: JsonLimits, depth: number): string | null {
  for (const item of items) {
    const problem = findJsonProblem(item, limits, depth + 1)
    if (problem !== null) return problem
  }
  return null
}

function findInObject(object: object, limits: JsonLimits, depth: number): string | null {
  let keys = 0
  for (const [key, item] of Object.entries(object)) {
    keys += 1
    if (keys > limits.maxKeys) return `an object has more than ${limits.maxKeys} keys`
    if (HOSTILE_KEYS.has(key)) return `the key ${key} is not allowed`
    if (!key.isWellFormed()) return 'a key has a lone surrogate'
    const problem = findJsonProblem(item, limits, depth + 1)
    if (problem !== null) return problem
  }
  return null
}
