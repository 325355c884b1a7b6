import {RE2JS} from 're2js'
import type {RuleMode} from '../contract/security.js'
import {MODELESS_RULES, SECURITY_RULES} from '../util/security-rules.js'
import {isAddressOrRange} from './address.js'
import {boolean, choice, integer, list} from './key.js'

const DAY_MS = 86_400_000
const MAX_RATE = 1_000_000_000
const MAX_PATTERN_CHARACTERS = 1000

/** A rule whose mode is set, or a pattern that makes a rule of one's own. */
export interface ContentRuleInput {
  readonly name: string
  /** In the syntax of RE2; searched for in chat, whatever the case. */
  readonly pattern?: string
  readonly mode: RuleMode
}

function isContentRule(value: unknown): value is ContentRuleInput {
  if (typeof value !== 'object' || value === null) return false
  const {name, pattern, mode, ...others} = value as Record<string, unknown>
  if (Object.keys(others).length > 0 || typeof name !== 'string') return false
  if (mode !== 'enforce' && mode !== 'flag' && mode !== 'off') return false
  if (pattern === undefined) return Object.hasOwn(SECURITY_RULES, name) && !MODELESS_RULES.has(name)
  return /^[a-z][a-z0-9_]{0,31}$/.test(name) && !Object.hasOwn(SECURITY_RULES, name) && isPattern(pattern)
}

function isPattern(pattern: unknown): boolean {
  if (typeof pattern !== 'string' || pattern === '' || pattern.length > MAX_PATTERN_CHARACTERS) return false
  try {
    RE2JS.compile(pattern)
    return true
  } catch {
    // What is wrong with it is its syntax, and the message shows the pattern.
    return false
  }
}

export const security = {
  mode: choice({
    description: 'monitor: everything is decided, counted and let through; only blocks made by hand hold.',
    values: ['enforce', 'monitor'],
    default: 'enforce',
    liveness: 'live',
  }),
  rateLimitPerMinute: integer({
    description: 'Messages of one user in any 60 s, game_action and heartbeat apart. list_rooms counts as 5.',
    unit: 'messages',
    default: 60,
    min: 1,
    max: MAX_RATE,
    liveness: 'live',
  }),
  gameActionsPerSecond: integer({
    description: 'game_action messages of one user a second.',
    unit: 'messages/s',
    default: 60,
    min: 1,
    max: MAX_RATE,
    liveness: 'live',
  }),
  gameActionBurst: integer({
    description: 'game_action messages of one user at once after a quiet time.',
    unit: 'messages',
    default: 120,
    min: 1,
    max: MAX_RATE,
    liveness: 'live',
  }),
  addressRateLimitPerMinute: integer({
    description: 'Frames from one address before welcome, in a minute.',
    unit: 'frames',
    default: 480,
    min: 1,
    max: MAX_RATE,
    liveness: 'live',
  }),
  connectionsPerAddress: integer({
    description: 'Connections from one address before welcome; after it, ten times as many.',
    unit: 'connections',
    default: 50,
    min: 1,
    max: 1_000_000,
    liveness: 'live',
  }),
  connectsPerMinute: integer({
    description: 'New connections from one address in a minute.',
    unit: 'connections',
    default: 600,
    min: 1,
    max: MAX_RATE,
    liveness: 'live',
  }),
  maxMessageBytes: integer({
    description: 'Largest message of a user; a larger frame is refused and adds suspicion.',
    unit: 'bytes',
    default: 65_536,
    min: 64,
    max: 16_777_216,
    liveness: 'live',
  }),
  blockedIps: list<string>({
    description: 'Addresses and ranges whose connections are refused.',
    unit: 'addresses or CIDR ranges',
    expects: 'an address or a CIDR range',
    maxEntries: 10_000,
    isValid: isAddressOrRange,
    liveness: 'live',
  }),
  allowedIps: list<string>({
    description: 'Addresses and ranges that are never blocked and that no rule of addresses applies to.',
    unit: 'addresses or CIDR ranges',
    expects: 'an address or a CIDR range',
    maxEntries: 10_000,
    isValid: isAddressOrRange,
    liveness: 'live',
  }),
  ddosProtection: boolean({
    description: 'Look for bursts of reads.',
    default: true,
    liveness: 'live',
  }),
  burstReads: integer({
    description: 'More reads in a row than this, each less than 1 ms after the last, add 10 suspicion.',
    unit: 'reads',
    default: 20,
    min: 1,
    max: 1_000_000,
    liveness: 'live',
  }),
  suspiciousActivityThreshold: integer({
    description: 'More suspicion than this blocks a user.',
    unit: 'points',
    default: 100,
    min: 1,
    max: 1_000_000,
    liveness: 'live',
  }),
  suspicionDecayPerSecond: integer({
    description: 'Suspicion that is forgotten in a second.',
    unit: 'points',
    default: 1,
    min: 0,
    max: 1_000_000,
    liveness: 'live',
  }),
  violationsBeforeBlock: integer({
    description: 'Refusals that are not punished; the next one blocks. All those within one read are one.',
    unit: 'refusals',
    default: 3,
    min: 0,
    max: 10_000,
    liveness: 'live',
  }),
  violationMemoryMs: integer({
    description: 'How long a refusal counts.',
    unit: 'ms',
    default: 600_000,
    min: 1,
    max: 7 * DAY_MS,
    liveness: 'live',
  }),
  violationBlockMs: integer({
    description: 'First block for refusals; each within 7 days doubles the next. 0: refusals never block.',
    unit: 'ms',
    default: 300_000,
    min: 0,
    max: 365 * DAY_MS,
    liveness: 'live',
  }),
  suspicionBlockMs: integer({
    description: 'First block for suspicion; each within 7 days doubles the next. 0: suspicion never blocks.',
    unit: 'ms',
    default: 600_000,
    min: 0,
    max: 365 * DAY_MS,
    liveness: 'live',
  }),
  maxBlockMs: integer({
    description: 'Longest block by a rule.',
    unit: 'ms',
    default: DAY_MS,
    min: 1,
    max: 365 * DAY_MS,
    liveness: 'live',
  }),
  trackedUsers: integer({
    description: 'Users whose budgets are kept; the one seen longest ago makes room. Blocks do not count.',
    unit: 'users',
    default: 100_000,
    min: 1,
    max: 10_000_000,
    liveness: 'live',
  }),
  trackedAddresses: integer({
    description: 'Addresses whose budgets are kept, likewise.',
    unit: 'addresses',
    default: 100_000,
    min: 1,
    max: 10_000_000,
    liveness: 'live',
  }),
  ipv6PrefixBits: integer({
    description: 'An IPv6 network with a prefix of this length counts as one address.',
    unit: 'bits',
    default: 64,
    min: 32,
    max: 128,
    liveness: 'restart',
  }),
  contentRules: list<ContentRuleInput>({
    description:
      'Modes of rules, {name, mode}, and patterns of your own, {name, pattern, mode}: RE2 syntax, searched for in chat whatever the case.',
    unit: 'rules',
    expects: 'a rule: {name, mode: enforce, flag or off}, with a valid pattern if the name is your own',
    maxEntries: 256,
    isValid: isContentRule,
    items: 'object',
    liveness: 'live',
  }),
}
