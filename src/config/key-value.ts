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
    case 'endpoint':
      return readEndpoint(text) ?? text
    default:
      return text
  }
}

/** `127.0.0.1:9464`, `[::1]:9464` */
function readEndpoint(text: string): {host: string; port: number} | null {
  const [, host, digits] = /^(\[[\da-f:.]+\]|[^\s:]+):(\d{1,5})$/i.exec(text) ?? []
  return host === undefined ? null : {host: host.replace(/^\[|\]$/g, ''), port: Number(digits)}
}
