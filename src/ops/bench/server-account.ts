import type {AdminClient} from '../../client/admin/admin-client.js'
import type {InstanceStatus, Usage} from '../../contract/admin.js'
import {MESSAGE_HOOKS} from '../../util/message-hooks.js'
import {getStatus} from '../admin/instance.js'

/** What a server says of the time in which it was under load. */
export interface ServerAccount {
  readonly name: string
  readonly version: string
  readonly pid: number
  /** Of one core, all threads. */
  readonly cpuPercent: number
  /** Processor time of the whole process for each delivery, in microseconds; 0 without deliveries. */
  readonly cpuUsPerDelivery: number
  readonly messagesPerSecond: number
  readonly deliveriesPerSecond: number
  readonly errors: number
  readonly eventLoopUtilizationPercent: number
  /** The worst second. */
  readonly eventLoopDelayP99Ms: number
  readonly memoryUsageMb: number
  readonly unsentBytes: number
  /** Time that each plugin's hooks take for one message, in microseconds, of the messages that were timed. */
  readonly plugins: readonly {readonly name: string; readonly usPerMessage: number; readonly timedMessages: number}[]
}

interface Reading {
  readonly usage: Usage
  readonly status: InstanceStatus
}

/** The hooks that a message meets. */
const US_PER_MS = 1000

/** Asks a server before and after a load what it has used, and in between how late its event loop is. */
export class AccountKeeper {
  readonly #admin: AdminClient
  readonly #before: Reading
  #worstDelayMs = 0

  private constructor(admin: AdminClient, before: Reading) {
    this.#admin = admin
    this.#before = before
  }

  /** @throws {GsError} as `AdminClient.request`. */
  static async begin(admin: AdminClient): Promise<AccountKeeper> {
    return new AccountKeeper(admin, await read(admin))
  }

  /** To be called about once a second: a server tells only of its last one. */
  async sample(): Promise<void> {
    this.#note(await this.#admin.request<Usage>({path: '/v1/usage'}))
  }

  /** @throws {GsError} as `AdminClient.request`. */
  async end(): Promise<ServerAccount> {
    const after = await read(this.#admin)
    this.#note(after.usage)
    return compare(this.#before, after, this.#worstDelayMs)
  }

  #note({eventLoopDelayP99Ms}: Usage): void {
    this.#worstDelayMs = Math.max(this.#worstDelayMs, eventLoopDelayP99Ms)
  }
}

async function read(admin: AdminClient): Promise<Reading> {
  const [usage, status] = await Promise.all([admin.request<Usage>({path: '/v1/usage'}), getStatus(admin)])
  return {usage, status}
}

function compare(before: Reading, after: Reading, worstDelayMs: number): ServerAccount {
  const grown = (key: keyof Usage) => after.usage[key] - before.usage[key]
  const elapsedMs = grown('uptimeMs')
  const perSecond = (count: number) => (elapsedMs <= 0 ? 0 : (count * 1000) / elapsedMs)
  const deliveries = grown('deliveries')
  const {name, version, pid, memoryUsageMb, unsentBytes} = after.status
  return {
    name,
    version,
    pid,
    cpuPercent: perSecond(grown('cpuMs')) / 10,
    cpuUsPerDelivery: deliveries === 0 ? 0 : (grown('cpuMs') * US_PER_MS) / deliveries,
    messagesPerSecond: perSecond(grown('messages')),
    deliveriesPerSecond: perSecond(deliveries),
    errors: grown('errors'),
    eventLoopUtilizationPercent: perSecond(grown('eventLoopActiveMs')) / 10,
    eventLoopDelayP99Ms: worstDelayMs,
    memoryUsageMb,
    unsentBytes,
    plugins: after.status.plugins.flatMap(({name: plugin}) => pluginTime(plugin, before.status, after.status) ?? []),
  }
}

/** Undefined: no hook of it was timed in between. */
function pluginTime(
  name: string,
  before: InstanceStatus,
  after: InstanceStatus,
): ServerAccount['plugins'][number] | undefined {
  let usPerMessage = 0
  let timedMessages = 0
  const earlier = hooksOf(name, before)
  for (const {hook, timedCalls, timedMs} of hooksOf(name, after)) {
    if (!MESSAGE_HOOKS.has(hook)) continue
    const past = earlier.find(other => other.hook === hook)
    const calls = timedCalls - (past?.timedCalls ?? 0)
    if (calls <= 0) continue
    usPerMessage += ((timedMs - (past?.timedMs ?? 0)) * US_PER_MS) / calls
    timedMessages = Math.max(timedMessages, calls)
  }
  return timedMessages === 0 ? undefined : {name, usPerMessage, timedMessages}
}

function hooksOf(name: string, {plugins}: InstanceStatus): InstanceStatus['plugins'][number]['hooks'] {
  return plugins.find(plugin => plugin.name === name)?.hooks ?? []
}
