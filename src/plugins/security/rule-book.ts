import type {RuleMode, RuleView} from '../../contract/security.js'
import {SECURITY_RULES} from '../../util/security-rules.js'

/** One rule with its mode and counts. */
export interface Rule {
  readonly name: string
  readonly description: string
  readonly code: string
  mode: RuleMode
  refused: number
  wouldRefuse: number
}

export interface RuleSetting {
  readonly name: string
  readonly mode: RuleMode
  /** Of a rule of the operator's own. */
  readonly pattern?: string | undefined
}

/** All rules; those of the operator's own come and go with the configuration, and the counts of both stay. */
export class RuleBook {
  /** By name; bounded by the configuration. */
  readonly #rules = new Map<string, Rule>()

  constructor(settings: readonly RuleSetting[]) {
    for (const [name, {code, description}] of Object.entries(SECURITY_RULES)) this.#add(name, code, description)
    this.configure(settings)
  }

  configure(settings: readonly RuleSetting[]): void {
    for (const rule of this.#rules.values()) rule.mode = rule.name in SECURITY_RULES ? 'enforce' : 'off'
    for (const {name, mode, pattern} of settings) {
      if (pattern !== undefined && !this.#rules.has(name)) {
        this.#add(name, 'content_rejected', 'A chat that a pattern of the configuration matches.')
      }
      this.rule(name).mode = mode
    }
  }

  /** One that exists. */
  rule(name: string): Rule {
    const rule = this.#rules.get(name)
    if (rule === undefined) throw new Error(`there is no rule ${name}`)
    return rule
  }

  views(): RuleView[] {
    return [...this.#rules.values()].map(rule => ({...rule}))
  }

  /** Counts that are above 0, by rule. */
  counts(what: 'refused' | 'wouldRefuse'): Record<string, number> {
    const counted = [...this.#rules.values()].filter(rule => rule[what] > 0)
    return Object.fromEntries(counted.map(rule => [rule.name, rule[what]]))
  }

  #add(name: string, code: string, description: string): void {
    this.#rules.set(name, {name, code, description, mode: 'enforce', refused: 0, wouldRefuse: 0})
  }
}
