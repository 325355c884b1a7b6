import {z} from 'zod'

import type {
  AllowSummary,
  AllowView,
  BlockFilter,
  BlockSummary,
  BlockView,
  PortableBlock,
  SecurityTarget,
} from '../../contract/security.js'
import {GsError} from '../../errors.js'
import {canonicalAddress} from '../../util/ip-address.js'
import {isoTimeOrNull} from '../../util/iso-time.js'
import {listing, userId} from '../answer-schemas.js'
import {cutListing, listingQuery} from '../listing-query.js'
import {countText, idText, route} from '../route.js'
import {
  allowSummary,
  auditEntry,
  blockListing,
  portableBlock,
  ruleView,
  securityStats,
  securityTarget,
  TARGET_FORM,
  targetResults,
  userSecurity,
} from '../security-schemas.js'

const MAX_TARGETS = 1000
const MAX_AUDIT = 100_000
const MAX_AGE_MS = 100 * 365 * 86_400_000

const targets = z
  .array(securityTarget)
  .min(1)
  .max(MAX_TARGETS)
  .meta({form: `list of ${TARGET_FORM}, 1 to ${MAX_TARGETS}`})
  .describe('Each is tried, whatever becomes of the others.')
const actor = z.string().min(1).max(500).describe('Who does it, for the audit.').optional()
const reason = z.string().min(1).max(500).describe('For those who look at it later.').optional()
const forMs = z.int().min(1000).describe('How long. Left out: until somebody ends it.').optional()
const ipText = z.string().refine(text => canonicalAddress(text) !== null, 'must be an IP address')
const rangeText = z.string().max(100)
const ruleText = z.string().max(100)

interface ListFilters extends Omit<BlockFilter, 'since'> {
  readonly sinceMs?: number | undefined
}

export const securityRoutes = [
  route({
    method: 'GET',
    path: '/v1/security',
    summary: 'Statistics of the security plugin.',
    answer: securityStats,
    run: backend => backend.pluginApi('security').stats(),
  }),
  route({
    method: 'GET',
    path: '/v1/security/rules',
    summary: 'The rules, with mode and counts.',
    answer: z.array(ruleView),
    run: backend => backend.pluginApi('security').rules(),
  }),
  route({
    method: 'GET',
    path: '/v1/security/blocks',
    summary: 'Blocks in force, newest first. Answers while the plugin is disabled, too.',
    query: listingQuery<ListFilters>('blocks', {
      user: idText.describe('Only that of this user.').optional(),
      ip: ipText.describe('Only those that cover this address.').optional(),
      cidr: rangeText.describe('Only those within this range.').optional(),
      rule: ruleText.describe('Only those that this rule made.').optional(),
      sinceMs: countText(0, MAX_AGE_MS).describe('Only those made within this time.').optional(),
    }),
    answer: blockListing,
    async run(backend, {query: {user, ip, cidr, rule, sinceMs, ...cut}}) {
      const {desk, isEnforced} = await backend.blockDesk()
      const since = sinceMs === undefined ? undefined : Date.now() - sinceMs
      const blocks = desk.blocks({user, ip, cidr, rule, since})
      return {...cutListing(blocks, cut, {name: 'blocks', finish: summarize}), isEnforced}
    },
  }),
  route({
    method: 'GET',
    path: '/v1/security/users/:userId',
    summary: 'Why a user is where they are: counts, last refusals, blocks, and what would come next.',
    params: z.strictObject({userId: idText.describe('The user.')}),
    answer: userSecurity,
    async run(backend, {params: {userId}}) {
      const user = await backend.pluginApi('security').show(userId)
      if (user === undefined) {
        throw new GsError('not_found', `user ${userId} is not connected, tracked or recorded`)
      }
      return user
    },
  }),
  route({
    method: 'POST',
    path: '/v1/security/block',
    summary: 'Blocks users, addresses and ranges; who is connected is closed. On the disk when it is answered.',
    body: z.strictObject({
      targets,
      forMs,
      reason,
      actor,
      force: z.boolean().describe('Also what is very wide, or this machine itself.').optional(),
    }),
    answer: targetResults,
    run: async (backend, {body}) => ({results: await backend.pluginApi('security').block(body)}),
  }),
  route({
    method: 'POST',
    path: '/v1/security/unblock',
    summary: 'Lifts blocks, by targets or by a filter. Answers while the plugin is disabled, too.',
    body: z.strictObject({
      targets: targets.optional(),
      filter: z
        .strictObject({
          user: userId.describe('Only that of this user.').optional(),
          ip: ipText.describe('Only those that cover this address.').optional(),
          cidr: rangeText.describe('Only those within this range.').optional(),
          rule: ruleText.describe('Only those that this rule made.').optional(),
        })
        .describe('All that match; an empty one is all there are.')
        .optional(),
      actor,
    }),
    answer: targetResults,
    async run(backend, {body}) {
      const {desk} = await backend.blockDesk()
      return {results: await desk.unblock(body)}
    },
  }),
  route({
    method: 'GET',
    path: '/v1/security/allowed',
    summary: 'The allow-list, newest first.',
    query: listingQuery('allowed'),
    answer: listing(allowSummary),
    run: (backend, {query}) =>
      cutListing(backend.pluginApi('security').allowed(), query, {name: 'allowed', finish: summarizeAllowed}),
  }),
  route({
    method: 'POST',
    path: '/v1/security/allow',
    summary: 'Exempts users from rules of users and addresses from rules of addresses, and lifts their blocks.',
    body: z.strictObject({targets, forMs, reason, actor}),
    answer: targetResults,
    run: async (backend, {body}) => ({results: await backend.pluginApi('security').allow(body)}),
  }),
  route({
    method: 'POST',
    path: '/v1/security/disallow',
    summary: 'Takes entries off the allow-list.',
    body: z.strictObject({targets, actor}),
    answer: targetResults,
    run: async (backend, {body}) => ({results: await backend.pluginApi('security').disallow(body)}),
  }),
  route({
    method: 'GET',
    path: '/v1/security/audit',
    summary: 'What operators did, newest first. Answers while the plugin is disabled, too.',
    query: z.strictObject({limit: countText(1, MAX_AUDIT).describe('Most entries. Left out: 20.').optional()}),
    answer: z.array(auditEntry),
    async run(backend, {query: {limit}}) {
      const {desk} = await backend.blockDesk()
      return desk.audit(limit)
    },
  }),
  route({
    method: 'GET',
    path: '/v1/security/export',
    summary:
      'All blocks but those of the configuration, to be imported elsewhere. Answers while the plugin is disabled, too.',
    isStream: true,
    answer: portableBlock,
    async *run(backend) {
      const {desk} = await backend.blockDesk()
      for (const block of desk.blocks()) if (!block.isConfigured) yield toPortable(summarize(block))
    },
  }),
  route({
    method: 'POST',
    path: '/v1/security/import',
    summary: 'Takes over blocks; those that have ended, or that the allow-list exempts, are left out.',
    body: z.strictObject({blocks: z.array(portableBlock).min(1).max(MAX_TARGETS).describe('As exported.'), actor}),
    answer: targetResults,
    run: async (backend, {body: {blocks, actor: author}}) => ({
      results: await backend.pluginApi('security').importBlocks(blocks, author),
    }),
  }),
]

function summarize(view: BlockView): BlockSummary {
  return {...view, since: isoTimeOrNull(view.since), until: isoTimeOrNull(view.until)}
}

function summarizeAllowed(view: AllowView): AllowSummary {
  return {...view, since: isoTimeOrNull(view.since), until: isoTimeOrNull(view.until)}
}

function toPortable({kind, target, rule, reason, author, since, until}: BlockSummary): PortableBlock {
  return {target: toTarget(kind, target), rule, reason, author, since: since ?? new Date(0).toISOString(), until}
}

function toTarget(kind: BlockSummary['kind'], text: string): SecurityTarget {
  if (kind === 'user') return {user: Number(text)}
  return kind === 'address' ? {ip: text} : {cidr: text}
}
