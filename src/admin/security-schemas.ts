import {z} from 'zod'

import type {
  AllowSummary,
  AuditEntry,
  BlockListing,
  BlockSummary,
  PortableBlock,
  RuleView,
  SecurityStats,
  SecurityTarget,
  TargetResults,
  UserSecurity,
} from '../contract/security.js'
import {count, milliseconds, time, userId} from './answer-schemas.js'

const byRule = z.record(z.string(), count)
const mode = z.enum(['enforce', 'flag', 'off'])

/** How targets are written, for the documentation. */
export const TARGET_FORM = '`{user}`, `{users: {first, last}}`, `{ip}` or `{cidr}`'

/** Whom a block or an exemption is about: one of the four. */
export const securityTarget = z
  .union([
    z.strictObject({user: userId.describe('A user.')}),
    z.strictObject({
      users: z
        .strictObject({first: userId.describe('The first.'), last: userId.describe('The last.')})
        .describe('A span of users. Can be allowed, not blocked.'),
    }),
    z.strictObject({ip: z.string().max(100).describe('An address.')}),
    z.strictObject({cidr: z.string().max(100).describe('A range, or an address.')}),
  ])
  .meta({form: TARGET_FORM}) as z.ZodType<SecurityTarget>

export const securityStats = z.strictObject({
  mode: z.enum(['enforce', 'monitor']).describe('Monitor: nothing is refused, and all is counted.'),
  totalUsers: count.describe('Users whose budgets are being kept.'),
  blockedUsers: count.describe('Blocks of users in force.'),
  suspiciousUsers: count.describe('Users with suspicion or violations above 0.'),
  blockedIps: count.describe('Blocks of addresses and ranges in force, those of the configuration included.'),
  refusals: byRule.describe('What was refused since the start, by rule.'),
  wouldRefuse: byRule.describe('What was only counted, by rules that flag and in monitor mode.'),
  ruleBlocks: count.describe('Blocks that rules made since the start.'),
  wouldBlock: count.describe('Blocks that rules would have made outside monitor mode.'),
  allowed: count.describe('Entries of the allow-list.'),
  trackedAddresses: count.describe('Addresses whose budgets are being kept.'),
  evictedSuspects: count.describe('Users and addresses with violations or suspicion that had to make room.'),
  unsaved: count.describe('Blocks and liftings that are in force and not on the disk yet.'),
}) satisfies z.ZodType<SecurityStats>

export const ruleView = z.strictObject({
  name: z.string().describe('The rule.'),
  mode: mode.describe('Flag: it only counts. Off: it does not look.'),
  code: z.string().describe('Code of its refusals, or reason of the close.'),
  description: z.string().describe('What breaks it.'),
  refused: count.describe('How often it refused.'),
  wouldRefuse: count.describe('How often it only counted.'),
}) satisfies z.ZodType<RuleView>

const refusals = z
  .array(
    z.strictObject({
      rule: z.string().describe('The rule.'),
      at: time.describe('When, the first of them.'),
      count: count.describe('How many within that second.'),
    }),
  )
  .describe('The last refusals, oldest first, at most 10.')

const evidence = z
  .strictObject({
    violations: count.describe('Reads with refusals that counted.'),
    suspicion: count.describe('The score.'),
    refusals,
    address: z.string().nullable().describe('From where the user came.'),
  })
  .nullable()
  .describe('Why a rule blocked; null for blocks by hand.')

export const blockSummary = z.strictObject({
  kind: z.enum(['user', 'address', 'range']).describe('What is blocked.'),
  target: z.string().describe('The user’s id, the address, or the range.'),
  userId: userId.nullable().describe('Null unless a user is blocked.'),
  rule: z.string().nullable().describe('The rule that blocked; null: somebody did, or the configuration.'),
  reason: z.string().nullable().describe('What the operator gave as reason.'),
  author: z.string().nullable().describe('Who blocked.'),
  evidence,
  isConfigured: z.boolean().describe('It stands in `security.blockedIps` and can only be lifted there.'),
  isDurable: z.boolean().describe('False: it is in force, and not on the disk yet.'),
  since: time.nullable().describe('Null: it stands in the configuration.'),
  until: time.nullable().describe('Null: until it is lifted.'),
}) satisfies z.ZodType<BlockSummary>

export const blockListing = z.strictObject({
  items: z.array(blockSummary).describe('The blocks.'),
  total: count.describe('How many there are, before `limit` cut the list.'),
  isEnforced: z.boolean().describe('False: the plugin is disabled, and these wait in the store.'),
}) satisfies z.ZodType<BlockListing>

export const allowSummary = z.strictObject({
  target: z.string().describe('The user’s id, a span of ids, an address, or a range.'),
  kind: z.enum(['user', 'users', 'address', 'range']).describe('What is exempt.'),
  reason: z.string().nullable().describe('What the operator gave as reason.'),
  author: z.string().nullable().describe('Who put it there.'),
  isConfigured: z.boolean().describe('It stands in `security.allowedIps`.'),
  since: time.nullable().describe('Null: it stands in the configuration.'),
  until: time.nullable().describe('Null: until it is taken back.'),
}) satisfies z.ZodType<AllowSummary>

export const userSecurity = z.strictObject({
  userId: userId.describe('The user.'),
  isConnected: z.boolean().describe('The user is here.'),
  address: z.string().nullable().describe('From where, or the last that is known.'),
  allowedBy: z.string().nullable().describe('The entry of the allow-list that exempts the user.'),
  block: blockSummary.nullable().describe('The user’s block.'),
  addressBlock: blockSummary.nullable().describe('The block of the user’s address.'),
  suspicion: count.describe('The score now; it fades.'),
  suspicionLimit: count.describe('More than this blocks.'),
  violations: count.describe('Reads with refusals that still count.'),
  violationLimit: count.describe('More than this blocks.'),
  messagesInMinute: count.describe('Messages of the last minute that count.'),
  messageLimit: count.describe('How many may.'),
  admitted: count.describe('Messages that were let through while the user was tracked.'),
  refused: count.describe('Messages that were not.'),
  refusals,
  ladder: z.array(time).describe('When rules blocked the user within 7 days; each doubles the next block.'),
  nextBlockMs: z
    .strictObject({
      violations: milliseconds.describe('By violations.'),
      suspicion: milliseconds.describe('By suspicion.'),
    })
    .describe('How long the next block by a rule would be.'),
  next: z.array(z.string()).describe('What would be refused or blocked next, in words.'),
}) satisfies z.ZodType<UserSecurity>

export const targetResults = z.strictObject({
  results: z
    .array(
      z.strictObject({
        target: z.string().describe('The user’s id, the address, or the range.'),
        outcome: z
          .enum([
            ...(['blocked', 'already_blocked', 'lifted', 'still_covered', 'not_blocked', 'not_found'] as const),
            ...(['configured', 'allowed', 'already_allowed', 'disallowed', 'not_allowed', 'refused'] as const),
          ])
          .describe('What became of it.'),
        message: z.string().describe('The same in words.'),
        durable: z.boolean().describe('False: done, and not on the disk yet.'),
        disconnected: count.describe('Connections that ended by it.'),
      }),
    )
    .describe('One for each target.'),
}) satisfies z.ZodType<TargetResults>

export const auditEntry = z.strictObject({
  at: time.describe('When.'),
  actor: z.string().describe('Who, by what they said.'),
  action: z.string().describe('What was done.'),
  target: z.string().nullable().describe('To whom.'),
  details: z.record(z.string(), z.unknown()).describe('What else was given; depends on the action.'),
}) satisfies z.ZodType<AuditEntry>

export const portableBlock = z.strictObject({
  target: securityTarget.describe('Whom it is about: `user`, `ip` or `cidr`.'),
  rule: z.string().max(100).nullable().describe('The rule that blocked.'),
  reason: z.string().max(500).nullable().describe('What the operator gave as reason.'),
  author: z.string().max(500).nullable().describe('Who blocked.'),
  since: time.describe('From when.'),
  until: time.nullable().describe('Null: until it is lifted.'),
}) as z.ZodType<PortableBlock>
