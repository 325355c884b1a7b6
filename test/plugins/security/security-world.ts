import {onTestFinished} from 'vitest'
import {resolveConfig} from '../../../src/config/resolve.js'
import type {ConfigInput} from '../../../src/config/schema.js'
import type {Logger} from '../../../src/contract/logger.js'
import type {JsonValue, UserMessage} from '../../../src/contract/messages.js'
import type {Disconnection, PluginDefinition} from '../../../src/contract/plugins.js'
import type {SecurityApi} from '../../../src/contract/security.js'
import type {Store} from '../../../src/contract/store.js'
import type {UserView} from '../../../src/contract/views.js'
import {GsError} from '../../../src/errors.js'
import {PluginSet} from '../../../src/pipeline/plugin-set.js'
import {securityPlugin} from '../../../src/plugins/security/index.js'
import {openStore} from '../../../src/store/open-store.js'
import {createCounters} from '../../../src/telemetry/counters.js'
import {createMetricRegistry} from '../../../src/telemetry/metric-registry.js'
import {ManualClock} from '../../helpers/manual-clock.js'
import {noVitals} from '../../helpers/no-vitals.js'

export const CLIENT = '198.51.100.7'

export interface LogLine {
  readonly level: keyof Logger
  readonly message: string
  readonly fields: {readonly [name: string]: unknown}
}

/** What the plugin said of a message or a connection; null: nothing against it. */
export type Said = GsError | null

export type SecurityWorld = Awaited<ReturnType<typeof securityWorld>>

/** The plugin on a store in memory and a clock that stands still, with users who exist because the test says so. */
export async function securityWorld(
  security: ConfigInput['security'] = {},
  {
    store: given,
    clock = new ManualClock(),
    proxies = [],
  }: {store?: Store; clock?: ManualClock; proxies?: string[]} = {},
) {
  const lines: LogLine[] = []
  const write = (level: keyof Logger) => (fields: object, message: string) =>
    void lines.push({level, message, fields: {...fields}})
  const log: Logger = {debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error')}
  const store = given ?? (await memoryStore(clock))
  const users = new Map<number, UserView>()
  const disconnections: Disconnection[] = []
  const plugins = new PluginSet({
    serverName: 'test',
    log,
    clock,
    rooms: {count: 0, get: () => undefined, list: () => [], overview: () => [], eachMessageCount() {}},
    users: {count: 0, get: id => users.get(id), list: () => [...users.values()], eachMessageCount() {}},
    counters: createCounters(),
    limits: {hookTimeoutMs: 1000},
    vitals: noVitals,
    store,
    metrics: createMetricRegistry(),
    disconnect(whose) {
      disconnections.push(whose)
      return 1
    },
    isTrustedProxy: address => proxies.includes(address),
  })
  onTestFinished(() => plugins.close())
  const configOf = (input: ConfigInput['security']) => resolveConfig({security: input}).config.security
  const definition = securityPlugin as unknown as PluginDefinition<never>
  await plugins.add({definition, config: configOf(security)})
  const {runner} = plugins
  let readId = 0
  let connectionId = 0

  const readNow = () => ({readId, readAtMs: clock.nowMs(), readMonotonicMs: clock.monotonicMs()})

  /** A read of the socket that brings these messages; what was said of each. */
  const read = (
    userId: number,
    messages: readonly UserMessage[],
    {address = CLIENT, sizeBytes = 64}: {address?: string; sizeBytes?: number} = {},
  ): Said[] => {
    readId += 1
    return messages.map(message => {
      const attempt = {userId, nickname: undefined, address, sizeBytes, ...readNow(), message}
      const verdict = runner.ask(runner.chains.beforeMessage, attempt) as Said
      runner.tell(runner.chains.afterMessage, {
        ...attempt,
        error: verdict as never,
        durationMs: 0,
        handlingMs: 0,
        hooks: null,
      })
      return verdict
    })
  }
  return {
    plugins,
    clock,
    store,
    lines,
    users,
    disconnections,
    api: plugins.api('security') as SecurityApi,
    read,
    /** One message in a read of its own. */
    say: (userId: number, message: UserMessage, options?: {address?: string; sizeBytes?: number}): Said =>
      read(userId, [message], options)[0] as Said,
    /** A frame that is no message, answered as such by the core. */
    malformed(userId: number, code: 'bad_message' | 'already_authenticated' | 'message_too_large' = 'bad_message') {
      readId += 1
      const error = {code, message: code, rule: undefined, retryAfterMs: undefined}
      const at = {userId, nickname: undefined, address: CLIENT, sizeBytes: 9, ...readNow()}
      runner.tell(runner.chains.afterMessage, {
        ...at,
        message: undefined,
        error,
        durationMs: 0,
        handlingMs: 0,
        hooks: null,
      })
    },
    /** A connection from `address`; with a user it goes on to `welcome`. */
    connect(address: string, userId?: number): {said: Said; close: () => void} {
      connectionId += 1
      const id = connectionId
      const opened = runner.ask(runner.chains.connectionOpened, {connectionId: id, address}) as Said
      const close = (sessionId: string | null = null) =>
        runner.tell(runner.chains.connectionClosed, {
          connectionId: id,
          address,
          userId: sessionId === null ? null : (userId ?? null),
          sessionId,
          reason: 'client_closed',
          durationMs: 0,
        })
      if (opened !== null) close()
      if (opened !== null || userId === undefined) return {said: opened, close}
      const said = runner.ask(runner.chains.userConnecting, {connectionId: id, userId, address}) as Said
      if (said !== null) close()
      else runner.emit('userConnected', {connectionId: id, userId, sessionId: `s${id}`, address, isGuest: false})
      return {said, close: () => close(`s${id}`)}
    },
    frameBeforeWelcome(address: string): Said {
      readId += 1
      const frame = {sizeBytes: 9, userId: null, address, ...readNow()}
      return runner.askNow(runner.chains.frameReceived, frame)
    },
    configure: (input: ConfigInput['security']) => plugins.configure('security', configOf(input)),
  }
}

export async function memoryStore(clock = new ManualClock()): Promise<Store> {
  const store = await openStore({directory: null, clock, log: {debug() {}, info() {}, warn() {}, error() {}}})
  onTestFinished(() => store.close())
  return store
}

export const chat = (message = 'hello', seq?: number): UserMessage => ({
  type: 'chat',
  roomId: 1,
  message,
  ...(seq !== undefined && {seq}),
})
export const action = (value: JsonValue = 1): UserMessage => ({type: 'game_action', roomId: 1, action: value})
export const heartbeat: UserMessage = {type: 'heartbeat'}

/** The rule of each refusal; null for what passed. */
export function rulesOf(said: readonly Said[]): (string | null)[] {
  return said.map(verdict => (verdict === null ? null : (verdict.rule ?? verdict.code)))
}

export function times<Value>(count: number, make: (index: number) => Value): Value[] {
  return Array.from({length: count}, (_, index) => make(index))
}

export function assertRefused(said: Said): GsError {
  if (said === null || !GsError.is(said)) throw new Error('nothing was refused')
  return said
}
