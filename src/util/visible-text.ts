/**
 * What a remote string must not bring to a terminal or a log as it is: C0 and C1 controls, DEL, lone surrogates,
 * bidirectional controls, and characters without a width (zero-width spaces and joiners, soft hyphen, fillers, tags).
 */
const UNSAFE = new RegExp(
  [
    '[\\u0000-\\u001f\\u007f-\\u009f]',
    '[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u3164\\uffa0]',
    '[\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff0-\\ufffb]',
    '[\\u{e0000}-\\u{e0fff}]',
    '\\p{Surrogate}',
  ].join('|'),
  'gu',
)

/** The same characters, without those that JSON escapes or forbids. */
const UNSAFE_IN_JSON = new RegExp(UNSAFE.source.replace('\\u0000-\\u001f', ''), 'gu')

/** Printable ASCII is the common case and needs no look at each character. */
const PLAIN = /^[\x20-\x7e]*$/

/** Writes every character that could hide, reorder or control text as `\u001b` and the like. */
export function visibleText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSAFE, escapeUnits)
}

/** `visibleText` for finished JSON text: the result is JSON of the same value. */
export function visibleJson(json: string): string {
  return json.replace(UNSAFE_IN_JSON, escapeUnits)
}

/** `visibleText` for text of our own that has several lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n')
}

/** A short, safe look at any value, for error messages. At most `maxCharacters`, 3 of them the dots that show a cut. */
export function visibleValue(value: unknown, maxCharacters = 80): string {
  const text = typeof value === 'function' || typeof value === 'symbol' ? typeof value : toJson(value)
  const characters = Array.from(visibleText(text))
  return characters.length <= maxCharacters
    ? characters.join('')
    : `${characters.slice(0, maxCharacters - 3).join('')}...`
}

function toJson(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    // Circular, or with a toJSON that throws: its kind is all that can be said.
    return Object.prototype.toString.call(value)
  }
}

function escapeUnits(character: string): string {
  return character
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
