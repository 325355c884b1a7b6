// What the security plugin costs a message and a connection, with 100 000 users tracked and 100 000 blocks.
//   node --import ./test/helpers/typescript-resolver.js bench/security-cost.ts
import {resolveConfig} from '../src/config/resolve.js'
import type {MessageAttempt, MessageRecord} from '../src/contract/plugins.js'
import type {SecurityApi} from '../src/contract/security.js'
import type {PluginSet} from '../src/pipeline/plugin-set.js'
import {securityPlugin} from '../src/plugins/security/index.js'
import {acceptedMessage, barePlugins} from './bare-plugins.js'
import {spreadOf, writeSpread} from './statistics.js'
import {nsForEach} from './thread-time.js'

const ROUNDS = 7
const MESSAGES = 1_000_000
const CONNECTIONS = 100_000
const CROWD = 100_000
const BUSY = 100
/** Messages that arrive with one read. */
const READ_MESSAGES = 4
const TEXT = 'a chat of sixty-four bytes, as the works of the benchmark have it'

async function pluginSet(limits: object | null): Promise<PluginSet> {
  const plugins = barePlugins()
  if (limits !== null) {
    const {security} = resolveConfig({security: {ddosProtection: false, ...limits}}).config
    await plugins.add({definition: securityPlugin as never, config: security})
  }
  return plugins
}

type Frame = Pick<MessageAttempt, 'userId' | 'address'> & MessageRecord & {readId: number}

function frames(users: number, address: (index: number) => string): Frame[] {
  return Array.from({length: users}, (_, index) =>
    acceptedMessage({userId: index + 1, address: address(index), message: {type: 'chat', roomId: 7, message: TEXT}}),
  )
}

/** Nanoseconds a message, through all hooks that a message meets. */
function passAll({runner}: PluginSet, users: readonly Frame[], count = MESSAGES): number {
  const {frameReceived, beforeMessage, afterMessage} = runner.chains
  let [readId, readMs] = [0, 0]
  return nsForEach(count, () => {
    for (let index = 0; index < count; index += 1) {
      if (index % READ_MESSAGES === 0) {
        readId += 1
        readMs = performance.now()
      }
      const frame = users[readId % users.length] as Frame
      if (frame.readId !== readId) Object.assign(frame, {readId, readMonotonicMs: readMs})
      if (frameReceived.length > 0) runner.askNow(frameReceived, frame)
      if (beforeMessage.length > 0) void runner.ask(beforeMessage, frame as MessageAttempt)
      if (afterMessage.length > 0) runner.tell(afterMessage, frame)
    }
  })
}

/** Nanoseconds a connection of a user: accept, hello, close. */
function connectAll({runner}: PluginSet, addressOf: (index: number) => string): number {
  const {connectionOpened, userConnecting, connectionClosed} = runner.chains
  return nsForEach(CONNECTIONS, () => {
    for (let index = 0; index < CONNECTIONS; index += 1) {
      const connection = {connectionId: index, address: addressOf(index)}
      const userId = 3_000_000 + index
      void runner.ask(connectionOpened, connection)
      void runner.ask(userConnecting, {...connection, userId})
      const end = {...connection, userId: null, sessionId: null, reason: 'client_closed', durationMs: 0} as const
      runner.tell(connectionClosed, end)
    }
  })
}

const ipv4 = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
const loopback = () => '127.0.0.1'
const free = {rateLimitPerMinute: 1_000_000_000}

async function crowded(limits: object): Promise<PluginSet> {
  const plugins = await pluginSet(limits)
  const security = plugins.api('security') as SecurityApi
  const forMs = 3_600_000
  for (let index = 0; index < CROWD / 2; index += 1000) {
    const each = Array.from({length: 1000}, (_, offset) => index + offset)
    await security.block({targets: each.map(number => ({user: 2_000_000 + number})), forMs})
    await security.block({targets: each.map(number => ({ip: ipv4(1_000_000 + number)})), forMs})
  }
  passAll(plugins, frames(CROWD, ipv4), CROWD * READ_MESSAGES)
  return plugins
}

const none = await pluginSet(null)
const raised = await crowded(free)
const strict = await crowded({rateLimitPerMinute: 1, violationBlockMs: 0})
const busyLocal = frames(BUSY, loopback)
const busyRemote = frames(BUSY, ipv4)
const crowd = frames(CROWD, ipv4)
const numbered = busyLocal.map(frame => ({...frame, message: {...frame.message, seq: 7}}) as Frame)
const {totalUsers, blockedUsers, blockedIps} = (raised.api('security') as SecurityApi).stats()
console.log(`${totalUsers} users tracked, ${blockedUsers} blocked, ${blockedIps} addresses blocked`)

const cases: Record<string, () => number> = {
  'no plugin: a message': () => passAll(none, busyLocal),
  'admitted, 100 users on loopback': () => passAll(raised, busyLocal),
  'admitted, 100 users on 100 addresses': () => passAll(raised, busyRemote),
  'admitted, 100 000 users in turn': () => passAll(raised, crowd),
  'refused, not answered': () => passAll(strict, busyLocal),
  'refused, answered': () => passAll(strict, numbered),
  'a connection from a new address': () => connectAll(raised, index => ipv4(2_000_000 + index)),
  'a connection over IPv6': () => connectAll(raised, index => `2001:db8:${(index & 0xffff).toString(16)}::1`),
}
const results = new Map<string, number[]>()
for (let round = -1; round < ROUNDS; round += 1) {
  for (const [name, run] of Object.entries(cases)) {
    const ns = run()
    if (round >= 0) results.set(name, [...(results.get(name) ?? []), ns])
  }
}
for (const [name, values] of results) {
  console.log(`${name}: ${writeSpread(spreadOf(values), {factor: 1, digits: 0})} ns`)
}
for (const plugins of [raised, strict]) await plugins.close()
