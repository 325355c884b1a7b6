import {createRequire} from 'node:module'

const PLAIN = /^[\x20-\x7e]*$/

/** Named so that no bundler follows it. */
const requireLate = createRequire(import.meta.url)

/** Made when it is first needed: that takes longer than a whole command. */
let graphemes: Intl.Segmenter | undefined

/** What a person takes for one character. */
export function splitGraphemes(text: string): string[] {
  if (PLAIN.test(text)) return text.split('')
  graphemes ??= new Intl.Segmenter('en', {granularity: 'grapheme'})
  return Array.from(graphemes.segment(text), ({segment}) => segment)
}

/** Columns a text takes in a terminal. The library that knows is slow to load, and plain text does without. */
export function textColumns(text: string): number {
  if (PLAIN.test(text)) return text.length
  const {default: stringWidth} = requireLate('string-width') as {default: (text: string) => number}
  return stringWidth(text)
}
