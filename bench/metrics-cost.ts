// What the metrics plugin costs a message on the main thread, and what its samples and answers cost: processor time, so that
// other programs on the machine matter little.
//   node --import ./test/helpers/typescript-resolver.js bench/metrics-cost.ts
import {GsClient} from '../src/client/game-client.js'
import type {UserMessage} from '../src/contract/messages.js'
import type {MessageRecord} from '../src/contract/plugins.js'
import {createServer} from '../src/ops/create-server.js'
import type {PluginSet} from '../src/pipeline/plugin-set.js'
import {metricsPlugin} from '../src/plugins/metrics/index.js'
import {systemClock} from '../src/util/system-clock.js'
import {acceptedMessage, barePlugins, quietLog} from './bare-plugins.js'
import {spreadOf, writeSpread} from './statistics.js'
import {nsForEach, threadUs} from './thread-time.js'

const ROUNDS = 9
const MESSAGES = 2_000_000
const SAMPLED_MS = 10_000

const config = {intervalMs: 5000, historyMs: 900_000, slowMs: 10, prometheus: null, roomLabels: 0}

async function pluginSet(isOn: boolean): Promise<PluginSet> {
  const plugins = barePlugins()
  if (isOn) await plugins.add({definition: metricsPlugin as never, config})
  return plugins
}

const chat: UserMessage = {type: 'chat', roomId: 7, message: 'hi'}
const heartbeat: UserMessage = {type: 'heartbeat'}

/** Chat as a rule, now and then something else, and an error. */
const records = Array.from({length: 64}, (_, index) =>
  acceptedMessage({
    userId: index + 1,
    readId: index,
    message: index % 8 === 7 ? heartbeat : chat,
    error: index === 9 ? {code: 'not_in_room', message: '', rule: undefined, retryAfterMs: undefined} : null,
    durationMs: 0.01 + (index % 16) * 0.02,
  }),
)

/** Nanoseconds a message. */
function tellAll({runner}: PluginSet): number {
  const {afterMessage} = runner.chains
  return nsForEach(MESSAGES, () => {
    for (let index = 0; index < MESSAGES; index += 1) runner.tell(afterMessage, records[index & 63] as MessageRecord)
  })
}

function readClock(): number {
  let sum = 0
  const ns = nsForEach(MESSAGES, () => {
    for (let index = 0; index < MESSAGES; index += 1) sum += systemClock.monotonicMs()
  })
  return sum === 0 ? 0 : ns
}

/** Microseconds a call. */
async function timeOf(calls: number, task: () => unknown): Promise<number> {
  const startUs = threadUs()
  for (let call = 0; call < calls; call += 1) await task()
  return (threadUs() - startUs) / calls
}

async function rounds(run: () => number | Promise<number>): Promise<string> {
  await run()
  const values: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) values.push(await run())
  return writeSpread(spreadOf(values), {factor: 1, digits: 1})
}

const off = await pluginSet(false)
const on = await pluginSet(true)
console.log(`no plugin: ${await rounds(() => tellAll(off))} ns a message`)
console.log(`metrics: ${await rounds(() => tellAll(on))} ns a message`)
console.log(`one look at the clock, for all plugins together: ${await rounds(readClock)} ns a message`)
await on.close()

/** Users in rooms of one member each; a user can be in 32. */
const [USERS, ROOMS_PER_USER] = [40, 25]
const server = await createServer({server: {port: 0}, plugins: ['metrics']}, {log: quietLog})
const clients = await Promise.all(
  Array.from({length: USERS}, () => GsClient.connect({port: server.address.port, reconnect: false})),
)
for (const [index, client] of clients.entries()) {
  for (let room = 1; room <= ROOMS_PER_USER; room += 1) await client.joinRoom(index * ROOMS_PER_USER + room)
}
const metrics = server.pluginApi('metrics')
console.log(`with ${server.rooms.count} rooms:`)
console.log(
  `an answer of GET /v1/metrics with 40 rooms: ${await rounds(() => timeOf(100, () => metrics.server({limit: 40})))} µs`,
)
console.log(`the text for monitors: ${await rounds(() => timeOf(50, () => metrics.prometheus()))} µs`)
await new Promise(resolve => setTimeout(resolve, SAMPLED_MS))
const text = await metrics.prometheus()
const read = (suffix: string) =>
  Number(new RegExp(`^gs_metrics_collection_duration_seconds_${suffix}.* (\\S+)$`, 'm').exec(text)?.[1])
console.log(`a sample, once a second: ${((read('sum') / read('count')) * 1e6).toFixed(1)} µs`)
await Promise.all(clients.map(client => client.close()))
await server.close()
