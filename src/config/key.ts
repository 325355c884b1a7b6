import {z} from 'zod'

import {isLoopback} from '../util/ip-address.js'

/** `live`: a reload applies it. `restart`: it is read once, at the start. */
export type Liveness = 'live' | 'restart'

/** What documentation, error messages and the environment need to know about a key besides its schema. */
export interface KeyMeta {
  readonly kind: 'integer' | 'boolean' | 'text' | 'choice' | 'list' | 'endpoint'
  readonly description: string
  /** Unit of a number; what the text stands for otherwise. */
  readonly unit: string
  /** The values that pass, in words. */
  readonly range: string
  /** Ends the sentence "must be …"; for lists, of one entry. */
  readonly expects: string
  readonly liveness: Liveness
  /** Where the default depends on other keys: how. */
  readonly defaultNote?: string
  /** What entries of a list are in JSON; text unless said. */
  readonly items?: 'object'
}

interface KeyBasics {
  description: string
  liveness: Liveness
  defaultNote?: string
}

/** The longest delay a timer of Node takes, in milliseconds. */
export const MAX_TIMER_MS = 2_147_483_647

export function integer(spec: KeyBasics & {unit: string; default: number; min: number; max: number}) {
  const {min, max, default: initial, ...rest} = spec
  const range = `${min} to ${max}`
  const meta = {...rest, kind: 'integer', range, expects: `a whole number from ${range}`} satisfies KeyMeta
  return z.int().min(min).max(max).default(initial).meta(meta)
}

export function boolean(spec: KeyBasics & {default: boolean}) {
  const {default: initial, ...rest} = spec
  const meta = {
    ...rest,
    kind: 'boolean',
    unit: 'yes or no',
    range: 'true, false',
    expects: 'true or false',
  } satisfies KeyMeta
  return z.boolean().default(initial).meta(meta)
}

export function choice<const Values extends readonly [string, ...string[]]>(
  spec: KeyBasics & {values: Values; default: Values[number]},
) {
  const {values, default: initial, ...rest} = spec
  const range = values.join(', ')
  const meta = {...rest, kind: 'choice', unit: 'word', range, expects: `one of ${range}`} satisfies KeyMeta
  return z
    .enum(values)
    .default(initial as never)
    .meta(meta)
}

interface TextSpec extends KeyBasics {
  unit: string
  /** The values that pass, in words; ends the sentence "must be …". */
  expects: string
  maxCharacters: number
  isValid(text: string): boolean
}

export function text(spec: TextSpec & {default: string}) {
  return textSchema(spec).default(spec.default).meta(textMeta(spec))
}

/** Text that may be left out; null then. */
export function optionalText(spec: TextSpec) {
  return textSchema(spec).nullable().default(null).meta(textMeta(spec))
}

function textSchema(spec: TextSpec) {
  return z.string().min(1).max(spec.maxCharacters).refine(spec.isValid)
}

function textMeta({
  maxCharacters,
  isValid: _,
  default: __,
  ...rest
}: TextSpec & {default?: string}): KeyMeta & {[key: string]: unknown} {
  return {...rest, kind: 'text', range: `${rest.expects}, 1 to ${maxCharacters} characters`}
}

/** A list, empty by default. `entry` checks one of its elements. */
export function list<Entry>(
  spec: KeyBasics & {
    unit: string
    expects: string
    maxEntries: number
    isValid(entry: unknown): boolean
    items?: 'object'
  },
) {
  const {maxEntries, isValid, ...rest} = spec
  const meta = {...rest, kind: 'list', range: `at most ${maxEntries}, each ${rest.expects}`} satisfies KeyMeta
  const entry = z.custom<Entry>(isValid)
  return z
    .array(entry)
    .max(maxEntries)
    .default(() => [])
    .meta(meta)
}

/** A loopback address and a port, that may be left out; null then. In the environment it is text: `127.0.0.1:9464`. */
export function optionalEndpoint(spec: KeyBasics) {
  const expects = 'a host of the loopback address and a port, as in {host: 127.0.0.1, port: 9464}'
  const meta = {...spec, kind: 'endpoint', unit: 'host and port', range: expects, expects} satisfies KeyMeta
  return z
    .strictObject({host: z.string().refine(isLoopback), port: z.int().min(0).max(65_535)})
    .nullable()
    .default(null)
    .meta(meta)
}

/** The metadata a key was built with. */
export function metaOf(schema: z.ZodType): KeyMeta {
  return schema.meta() as unknown as KeyMeta
}
