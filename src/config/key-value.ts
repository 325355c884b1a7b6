import type {ConfigKey} from './keys.js'

/** The value of one key, as the environment or a flag gives it. */
export interface KeyValue {
  readonly key: string
  /** As in `env GS_SERVER_PORT`. */
  readonly origin: string
  readonly value: unknown
}

const BOOLEANS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

/** Text as the kind of value the key takes. Text that is none of that kind stays, and is refused with its own words. */
export function coerceText(key: ConfigKey, text: string): unknown {
  switch (key.kind) {
    case 'integer':
      return /^-?\d{1,16}$/.test(text) ? Number(text) : text
    case 'boolean':
      return BOOLEANS.get(text.toLowerCase()) ?? text
    case 'list':
      return text
        .split(',')
        .map(entry => entry.trim())
        .filter(entry => entry !== '')
    default:
      return text
  }
}
