import {setTimeout as pause} from 'node:timers/promises'
import {expect, test} from 'vitest'
import type {Clock} from '../../src/contract/clock.js'
import type {PluginDefinition} from '../../src/contract/plugins.js'
import {createTestServer} from '../../src/ops/create-test-server.js'
import type {GameServer} from '../../src/server/game-server.js'
import {systemClock} from '../../src/util/system-clock.js'
import {RawClient} from '../helpers/raw-client.js'

/**
 * Plugins come and go while sequence numbers flow. The model: every message is answered once and in order, reaches its
 * room once and in order, and meets one set of plugins from its arrival to its end, one that really was in force.
 */

const CLIENTS = 20
const ROOM_SIZE = 2
const MESSAGES_PER_SECOND = 5000
const TICK_MS = 10
/** `npm run test:toggle` for a long run. */
const TOGGLES = Number(process.env.GS_TEST_TOGGLES ?? 400)
/** How long the toggles take together; 0: a toggle every few messages, so that there is traffic between any two. */
const LASTS_MS = 1000 * Number(process.env.GS_TEST_TOGGLE_SECONDS ?? 0)
const TOGGLE_PAUSE_MS = 3
const TIMEOUT_MS = 20_000 + 3 * LASTS_MS

/** What one plugin met between its setup and its close. */
interface Life {
  readonly label: string
  frames: number
  before: number
  after: number
  timerTicks: number
  joins: number
  isClosed: boolean
}

class Model {
  readonly lives: Life[] = []
  readonly problems: string[] = []
  /** What each message met, by `user:seq`, as the labels of lives. */
  readonly metBefore = new Map<string, string[]>()
  readonly metAfter = new Map<string, string[]>()
  /** Every set of plugins that was in force, in the order of its hooks. */
  readonly setsInForce = new Set<string>()

  /** A plugin that notes what it meets; `delayMs` says how long it takes for a message, 0 for no promise at all. */
  plugin(name: string, delayMs: (seq: number) => number): PluginDefinition {
    return {
      name,
      setup: host => {
        const generation = this.lives.filter(({label}) => label.startsWith(`${name}#`)).length
        const life: Life = {
          label: `${name}#${generation}`,
          frames: 0,
          before: 0,
          after: 0,
          timerTicks: 0,
          joins: 0,
          isClosed: false,
        }
        this.lives.push(life)
        const alive = (what: string) => {
          if (life.isClosed) this.problems.push(`${life.label}: ${what} after its close`)
        }
        host.hook('frameReceived', ({userId}) => {
          alive('frameReceived')
          // What a user says before the first chat is not followed.
          if (userId !== null && this.isOpen) life.frames += 1
        })
        host.hook('beforeMessage', ({userId, message}) => {
          alive('beforeMessage')
          if (message.type !== 'chat') return undefined
          life.before += 1
          note(this.metBefore, `${userId}:${message.seq}`, life.label)
          const waitMs = delayMs(message.seq ?? 0)
          return waitMs === 0 ? undefined : pause(waitMs)
        })
        host.hook('afterMessage', ({userId, message}) => {
          alive('afterMessage')
          if (message?.type !== 'chat') return
          life.after += 1
          note(this.metAfter, `${userId}:${message.seq}`, life.label)
        })
        host.on('roomJoined', () => {
          life.joins += 1
        })
        host.every(5, () => {
          alive('timer')
          life.timerTicks += 1
        })
        host.provide(name, life)
        return {
          close: () => {
            life.isClosed = true
            if (life.frames !== life.before || life.before !== life.after) {
              this.problems.push(`${life.label}: ${life.frames} frames, ${life.before} before, ${life.after} after`)
            }
          },
        }
      },
    }
  }

  /** True while only chats are sent. */
  isOpen = false

  /** To be called whenever the set has changed, with the names that run, in the order of their hooks. */
  noteSet(server: GameServer): void {
    const running = server.plugins.filter(({state}) => state !== 'disabled').map(({name}) => name)
    this.setsInForce.add(running.map(name => (server.provided(name) as Life).label).join(' '))
  }
}

function note(met: Map<string, string[]>, key: string, label: string): void {
  const labels = met.get(key)
  if (labels === undefined) met.set(key, [label])
  else labels.push(label)
}

/** The machine's time, with a count of the timers that are set. */
function countingClock(): Clock & {readonly timers: Set<object>} {
  const timers = new Set<object>()
  const count = (cancel: () => void) => {
    const timer = {}
    timers.add(timer)
    return {
      done: () => void timers.delete(timer),
      cancel: () => {
        timers.delete(timer)
        cancel()
      },
    }
  }
  return {
    ...systemClock,
    timers,
    every: (intervalMs, task) => count(systemClock.every(intervalMs, task)).cancel,
    after(delayMs, task) {
      const counted = count(
        systemClock.after(delayMs, () => {
          counted.done()
          task()
        }),
      )
      return counted.cancel
    },
  }
}

/** Small and repeatable. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const title = 'plugins that come and go under load lose, double and reorder nothing, and leave nothing behind'

test(title, {timeout: TIMEOUT_MS}, async () => {
  const model = new Model()
  const definitions = [
    model.plugin('sync-one', () => 0),
    model.plugin('async-one', seq => (seq % 5 === 0 ? 1 : 0)),
    model.plugin('sync-two', () => 0),
    model.plugin('async-two', seq => (seq % 7 === 0 ? 2 : 0)),
  ]
  const clock = countingClock()
  const {server, port, close} = await createTestServer({plugins: definitions}, {clock})
  await using _ = {[Symbol.asyncDispose]: close}
  const clients = await Promise.all(Array.from({length: CLIENTS}, (_, index) => RawClient.login(port, index + 1)))
  for (const [index, client] of clients.entries()) {
    client.send({type: 'join_room', roomId: roomOf(index)})
    await client.take('room_joined')
  }
  for (const client of clients) client.frames.length = 0
  model.isOpen = true
  model.noteSet(server)
  const timersBefore = clock.timers.size

  const sender = new Sender(clients)
  await toggle(server, definitions, model)
  await sender.stop()

  const {sent} = sender
  for (const [index, client] of clients.entries()) {
    await client.until(() => client.frames.filter(({type}) => type === 'ack').length >= sent)
    await client.until(() => client.frames.filter(({type}) => type === 'chat').length >= sent * ROOM_SIZE)
    const acks = client.frames.filter(({type}) => type === 'ack')
    expect(acks.map(({seq}) => seq)).toEqual(numbers(sent))
    expect(client.frames.length).toBe(sent * (1 + ROOM_SIZE))
    for (const userId of [index + 1, partnerOf(index) + 1]) {
      const heard = client.frames.filter(frame => frame.type === 'chat' && frame.userId === userId)
      expect(heard.map(({message}) => Number(message))).toEqual(numbers(sent))
    }
  }
  const heardBy = (client: RawClient) => client.frames.filter(({type}) => type === 'chat')
  for (const [index, client] of clients.entries()) {
    expect(heardBy(client)).toEqual(heardBy(clients[partnerOf(index)] as RawClient))
  }

  const unknownSets = new Set<string>()
  for (const [index] of clients.entries()) {
    for (let seq = 1; seq <= sent; seq += 1) {
      const key = `${index + 1}:${seq}`
      const before = model.metBefore.get(key) ?? []
      const after = (model.metAfter.get(key) ?? []).toReversed()
      if (before.join() !== after.join()) model.problems.push(`${key}: before ${before}, after ${after}`)
      if (!model.setsInForce.has(before.join(' '))) unknownSets.add(before.join(' '))
    }
  }
  expect(model.problems).toEqual([])
  expect([...unknownSets]).toEqual([])

  if (LASTS_MS > 0) {
    const {perSecond, tookMs} = sender
    const total = sent * CLIENTS
    process.stdout.write(
      `${TOGGLES} toggles in ${Math.round(tookMs / 1000)} s: ${total} messages at ${Math.round(perSecond)} a second, ` +
        `${total * ROOM_SIZE} deliveries and ${total} acks in order, ${model.setsInForce.size} sets of plugins, ` +
        `${model.lives.length} lives, ${model.problems.length} problems\n`,
    )
  }
  for (const {name} of definitions) await enable(server, definitions, name)
  await expect.poll(() => clock.timers.size).toBe(timersBefore)
  const alive = definitions.map(({name}) => server.provided(name) as Life)
  const joinsBefore = alive.map(({joins}) => joins)
  clients[0]?.send({type: 'join_room', roomId: 999})
  await clients[0]?.take('room_joined')
  expect(alive.map(({joins}, index) => joins - (joinsBefore[index] ?? 0))).toEqual([1, 1, 1, 1])
  expect(model.lives.filter(({isClosed}) => !isClosed)).toEqual(expect.arrayContaining(alive))
  expect(model.lives.filter(({isClosed}) => !isClosed)).toHaveLength(4)
})

/** Sends numbered chats from all clients at a steady rate, and keeps it whatever the timers do. */
class Sender {
  sent = 0
  tookMs = 0
  readonly #clients: readonly RawClient[]
  readonly #running: Promise<void>
  readonly #startMs = performance.now()
  #isStopped = false

  constructor(clients: readonly RawClient[]) {
    this.#clients = clients
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
    this.tookMs = performance.now() - this.#startMs
    expect(this.perSecond).toBeGreaterThan(MESSAGES_PER_SECOND * 0.8)
  }

  get perSecond(): number {
    return (this.sent * this.#clients.length * 1000) / this.tookMs
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const elapsedMs = performance.now() - this.#startMs
      const due = Math.floor((elapsedMs / 1000) * (MESSAGES_PER_SECOND / this.#clients.length))
      for (; this.sent < due; this.sent += 1) {
        const seq = this.sent + 1
        for (const [index, client] of this.#clients.entries()) {
          client.send({type: 'chat', roomId: roomOf(index), message: String(seq), seq})
        }
      }
      await pause(TICK_MS)
    }
  }
}

async function toggle(server: GameServer, definitions: readonly PluginDefinition[], model: Model): Promise<void> {
  const random = createRandom(42)
  const startMs = performance.now()
  for (let count = 0; count < TOGGLES; count += 1) {
    const {name} = definitions[Math.floor(random() * definitions.length)] as PluginDefinition
    const isRunning = server.plugins.some(plugin => plugin.name === name && plugin.state !== 'disabled')
    if (isRunning) {
      const disabling = server.disablePlugin(name)
      // The set changes at once, the end of the plugin comes later.
      await Promise.resolve()
      await Promise.resolve()
      model.noteSet(server)
      await disabling
    } else await enable(server, definitions, name)
    model.noteSet(server)
    expect(server.provided(name) === undefined).toBe(isRunning)
    const due = startMs + ((count + 1) * LASTS_MS) / TOGGLES
    await pause(LASTS_MS === 0 ? random() * TOGGLE_PAUSE_MS : Math.max(0, due - performance.now()))
  }
}

async function enable(server: GameServer, definitions: readonly PluginDefinition[], name: string): Promise<void> {
  if (server.plugins.some(plugin => plugin.name === name && plugin.state !== 'disabled')) return
  const definition = definitions.find(plugin => plugin.name === name) as PluginDefinition<never>
  await server.enablePlugin({definition, config: undefined})
}

function roomOf(index: number): number {
  return 1 + Math.floor(index / ROOM_SIZE)
}

function partnerOf(index: number): number {
  return index % 2 === 0 ? index + 1 : index - 1
}

function numbers(count: number): number[] {
  return Array.from({length: count}, (_, index) => index + 1)
}
