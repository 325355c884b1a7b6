import type {AdminClient} from '../../client/admin/admin-client.js'
import type {Listing} from '../../contract/admin.js'
import type {
  AllowSummary,
  AuditEntry,
  BlockListing,
  PortableBlock,
  RuleView,
  SecurityStats,
  SecurityTarget,
  TargetResult,
  TargetResults,
  UserSecurity,
} from '../../contract/security.js'
import {GsError} from '../../errors.js'
import {type ListOptions, listQuery} from './rooms.js'

/** Targets of one request; a body has at most 64 KiB. */
const BATCH = 200
const BLOCK_KEYS = ['target', 'rule', 'reason', 'author', 'since', 'until'] satisfies (keyof PortableBlock)[]

export function getSecurityStats(client: AdminClient): Promise<SecurityStats> {
  return client.request<SecurityStats>({path: '/v1/security'})
}

export function listRules(client: AdminClient): Promise<RuleView[]> {
  return client.request<RuleView[]>({path: '/v1/security/rules'})
}

export interface BlockListOptions extends ListOptions {
  readonly user: number | undefined
  readonly ip: string | undefined
  readonly cidr: string | undefined
  readonly rule: string | undefined
  /** Only those made within this time, in milliseconds. */
  readonly since: number | undefined
}

export function listBlocks(client: AdminClient, options: BlockListOptions): Promise<BlockListing> {
  const {user, ip, cidr, rule, since: sinceMs} = options
  const query = {...listQuery(options), user, ip, cidr, rule, sinceMs}
  return client.request<BlockListing>({path: '/v1/security/blocks', query})
}

export function showUserSecurity(client: AdminClient, userId: number): Promise<UserSecurity> {
  return client.request<UserSecurity>({path: `/v1/security/users/${userId}`})
}

export interface ActOptions {
  /** Left out: until somebody ends it. */
  readonly forMs?: number | undefined
  readonly reason?: string | undefined
  /** Who does it, for the audit. */
  readonly actor: string
  readonly force?: boolean | undefined
}

export function blockTargets(
  client: AdminClient,
  targets: readonly SecurityTarget[],
  options: ActOptions,
): Promise<TargetResult[]> {
  return inBatches(client, '/v1/security/block', targets, batch => ({targets: batch, ...options}))
}

export function unblockTargets(
  client: AdminClient,
  targets: readonly SecurityTarget[],
  actor: string,
): Promise<TargetResult[]> {
  return inBatches(client, '/v1/security/unblock', targets, batch => ({targets: batch, actor}))
}

/** All that match; an empty filter is all there are. */
export async function unblockAll(
  client: AdminClient,
  filter: {readonly rule?: string | undefined},
  actor: string,
): Promise<readonly TargetResult[]> {
  const request = {method: 'POST', path: '/v1/security/unblock', body: {filter, actor}} as const
  return (await client.request<TargetResults>(request)).results
}

export function allowTargets(
  client: AdminClient,
  targets: readonly SecurityTarget[],
  {force: _, ...options}: ActOptions,
): Promise<TargetResult[]> {
  return inBatches(client, '/v1/security/allow', targets, batch => ({targets: batch, ...options}))
}

export function disallowTargets(
  client: AdminClient,
  targets: readonly SecurityTarget[],
  actor: string,
): Promise<TargetResult[]> {
  return inBatches(client, '/v1/security/disallow', targets, batch => ({targets: batch, actor}))
}

export function listAllowed(client: AdminClient, options: ListOptions): Promise<Listing<AllowSummary>> {
  return client.request<Listing<AllowSummary>>({path: '/v1/security/allowed', query: listQuery(options)})
}

export function readAudit(client: AdminClient, limit: number): Promise<AuditEntry[]> {
  return client.request<AuditEntry[]>({path: '/v1/security/audit', query: {limit}})
}

export async function* exportBlocks(client: AdminClient, signal: AbortSignal): AsyncGenerator<PortableBlock> {
  for await (const event of client.stream<PortableBlock>('/v1/security/export', {}, {signal})) {
    if ('target' in event) yield event
  }
}

/**
 * Has a server take over blocks as `exportBlocks` gives them, one on each line.
 *
 * @throws {GsError} usage for a line that is no block, and then nothing is taken over.
 */
export function importBlocks(client: AdminClient, text: string, actor: string): Promise<TargetResult[]> {
  const lines = text.split('\n').map((line, index) => ({line: line.trim(), number: index + 1}))
  const blocks = lines.filter(({line}) => line !== '').map(({line, number}) => parseBlock(line, number))
  return inBatches(client, '/v1/security/import', blocks, batch => ({blocks: batch, actor}))
}

async function inBatches<Item>(
  client: AdminClient,
  path: string,
  items: readonly Item[],
  toBody: (batch: readonly Item[]) => object,
): Promise<TargetResult[]> {
  const results: TargetResult[] = []
  for (let index = 0; index < items.length; index += BATCH) {
    const body = toBody(items.slice(index, index + BATCH))
    results.push(...(await client.request<TargetResults>({method: 'POST', path, body})).results)
  }
  return results
}

function parseBlock(line: string, number: number): PortableBlock {
  let block: unknown
  try {
    block = JSON.parse(line)
  } catch (error) {
    throw new GsError('usage', `line ${number} is no JSON: ${(error as Error).message}`, {cause: error})
  }
  // Of many lines, only some go with one request. What the values must be, the server says.
  if (hasKeysOfBlock(block)) return block
  throw new GsError('usage', `line ${number} is no block: one has ${BLOCK_KEYS.join(', ')}`, {
    hint: 'gs security export writes them.',
  })
}

function hasKeysOfBlock(value: unknown): value is PortableBlock {
  return typeof value === 'object' && value !== null && BLOCK_KEYS.every(key => Object.hasOwn(value, key))
}
