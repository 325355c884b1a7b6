import {RE2JS} from 're2js'
import {CONTENT_FRAGMENTS} from '../../util/security-rules.js'
import type {Rule, RuleBook} from './rule-book.js'

const MAX_CHAT_CHARACTERS = 1000
/** Two units that are one character. */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/
const LAST_OF_ONE_UNIT = 0xffff
/** Each fragment has one of these, and most chat has none: looking for them first makes the common case cheap. */
const TELLING = /['<:=(.]/

interface Pattern {
  readonly rule: Rule
  test(text: string): boolean
}

/** An operator's pattern, matched in time linear in the text, whatever the case. */
export interface OwnPattern {
  readonly name: string
  readonly pattern: string
}

/** What chat is searched for. */
export class ContentRules {
  readonly #length: Rule
  readonly #anyFragment: RegExp
  readonly #fragments: readonly Pattern[]
  readonly #own: readonly Pattern[]

  constructor(rules: RuleBook, own: readonly OwnPattern[]) {
    this.#length = rules.rule('chat_length')
    const fragments = Object.entries(CONTENT_FRAGMENTS).map(([name, text]) => ({
      name,
      source: text.replace(/[(.]/g, '\\$&'),
    }))
    this.#anyFragment = new RegExp(fragments.map(({source}) => source).join('|'), 'iu')
    this.#fragments = fragments.map(({name, source}) => {
      const pattern = new RegExp(source, 'iu')
      return {rule: rules.rule(name), test: text => pattern.test(text)}
    })
    this.#own = own.map(({name, pattern}) => {
      const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
      return {rule: rules.rule(name), test: text => compiled.test(text)}
    })
  }

  /** The first rule that the text breaks and `objects` minds; null: none. */
  find(text: string, objects: (rule: Rule) => boolean): Rule | null {
    if (isTooLong(text) && objects(this.#length)) return this.#length
    if (TELLING.test(text) && this.#anyFragment.test(text)) {
      const found = this.#fragments.find(({rule, test}) => test(text) && objects(rule))
      if (found !== undefined) return found.rule
    }
    for (const {rule, test} of this.#own) if (rule.mode !== 'off' && test(text) && objects(rule)) return rule
    return null
  }
}

function isTooLong(text: string): boolean {
  // A character is one or two units, so most lengths decide without counting, and so does text without any of two.
  if (text.length <= MAX_CHAT_CHARACTERS) return false
  if (text.length > 2 * MAX_CHAT_CHARACTERS || !PAIR.test(text)) return true
  let characters = 0
  for (let index = 0; index < text.length; characters += 1) {
    index += (text.codePointAt(index) as number) > LAST_OF_ONE_UNIT ? 2 : 1
  }
  return characters > MAX_CHAT_CHARACTERS
}
