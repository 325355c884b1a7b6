import {createServer as createTcpServer, type Server} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import {LatencyHistogram} from '../../../src/client/bench/latency-histogram.js'
import {LoadGenerator} from '../../../src/client/bench/load-generator.js'
import {clientsOf, FIRST_USER_ID, type LoadPlan} from '../../../src/client/bench/load-plan.js'
import {LiveCounts} from '../../../src/client/bench/load-tally.js'
import {GsError} from '../../../src/errors.js'
import {createServer} from '../../../src/ops/create-server.js'
import {definePlugin} from '../../../src/pipeline/define-plugin.js'
import {until} from '../../helpers/until.js'

const plan: Omit<LoadPlan, 'port'> = {
  host: '127.0.0.1',
  clients: 12,
  rooms: 3,
  publishers: 2,
  pace: {kind: 'window', messages: 3},
  payloadBytes: 40,
  framing: 'ndjson',
  workers: 1,
  connectTimeoutMs: 10_000,
}

async function gameServer(options: Parameters<typeof createServer>[0] = {}) {
  const server = await createServer({...options, server: {port: 0, ...options.server}, log: {level: 'silent'}})
  onTestFinished(async () => {
    await server.close()
  })
  return server
}

/** A generator of one thread's clients, in this one. */
function load(options: Partial<LoadPlan> & {port: number}, worker = 0) {
  const whole: LoadPlan = {...plan, ...options}
  const counts = new LiveCounts()
  const joined = Promise.withResolvers<void>()
  const deserted = Promise.withResolvers<void>()
  const clients = clientsOf(whole, worker)
  const generator = new LoadGenerator(
    {plan: whole, clients, counts},
    {joined: joined.resolve, failed: joined.reject, deserted: deserted.resolve},
  )
  onTestFinished(() => generator.close())
  generator.join()
  return {generator, counts, clients, joined: joined.promise, deserted: deserted.promise}
}

describe('clients of a load', () => {
  test('are spread over rooms and threads without a gap or a double', () => {
    const whole: LoadPlan = {...plan, port: 1, clients: 103, rooms: 7, workers: 4}
    const all = [0, 1, 2, 3].flatMap(worker => clientsOf(whole, worker))
    expect(new Set(all.map(({userId}) => userId)).size).toBe(103)
    expect(Math.min(...all.map(({userId}) => userId))).toBe(FIRST_USER_ID)
    const rooms = Map.groupBy(all, ({roomId}) => roomId)
    expect([rooms.size, Math.min(...rooms.keys()), Math.max(...rooms.keys())]).toEqual([7, 999_994, 1_000_000])
    for (const members of rooms.values()) {
      expect([14, 15]).toContain(members.length)
      expect(members.filter(({isPublisher}) => isPublisher)).toHaveLength(2)
    }
  })
})

describe.for(['ndjson', 'length-prefixed'] as const)('a load of %s', framing => {
  test('counts every message once for every member, and times the echoes', async () => {
    const server = await gameServer()
    const {generator, counts, joined} = load({port: server.address.port, framing})
    await joined
    expect(server.rooms.count).toBe(3)
    generator.publish()
    generator.count()
    await until(() => counts.deliveries > 2000, 'too little was delivered')
    const {published, deliveries, errors, lost, latency, elapsedMs} = generator.finish()
    // Of each publisher up to a window is still on its way.
    expect(deliveries).toBeLessThanOrEqual(published * 4)
    expect(deliveries).toBeGreaterThanOrEqual((published - 6 * 3) * 4)
    const echoes = new LatencyHistogram()
    echoes.add(latency)
    expect(echoes.samples).toBeLessThanOrEqual(published)
    expect(echoes.samples).toBeGreaterThanOrEqual(published - 6 * 3)
    expect(echoes.percentileUs(50)).toBeGreaterThan(0)
    expect(echoes.maxUs).toBeLessThanOrEqual(elapsedMs * 1000)
    expect([errors.size, lost.size]).toEqual([0, 0])
  })
})

test('what came before `count` is not counted', async () => {
  const server = await gameServer()
  const {generator, counts, joined} = load({port: server.address.port})
  await joined
  generator.publish()
  await until(() => counts.deliveries > 500, 'too little was delivered')
  generator.count()
  const {published, deliveries} = generator.finish()
  expect({published, deliveries}).toEqual({published: 0, deliveries: 0})
})

test('a fixed rate is of all publishers together and never too fast', async () => {
  const server = await gameServer()
  const whole = {port: server.address.port, workers: 2, pace: {kind: 'rate', messagesPerSecond: 600}} as const
  const loads = [load(whole, 0), load(whole, 1)]
  await Promise.all(loads.map(({joined}) => joined))
  const startMs = performance.now()
  for (const {generator} of loads) generator.publish()
  const published = () => loads.reduce((sum, {counts}) => sum + counts.published, 0)
  await until(() => published() >= 60, 'too little was sent')
  const sent = published()
  expect(sent).toBeLessThanOrEqual(((performance.now() - startMs) * 600) / 1000 + 2)
  // A message reaches the four members of its room.
  await until(() => loads.reduce((sum, {counts}) => sum + counts.deliveries, 0) >= 4 * 60, 'not all was delivered')
})

test('refusals are counted by their codes and made up for, so that the load goes on', async () => {
  let seen = 0
  const moody = definePlugin({
    name: 'moody',
    setup(host) {
      host.hook('beforeMessage', ({message}) => {
        if (message.type === 'chat' && ++seen % 10 === 0) throw new GsError('rate_limited', 'not now')
      })
    },
  })
  const server = await gameServer({plugins: [moody]})
  const {generator, counts, joined} = load({port: server.address.port})
  await joined
  generator.publish()
  generator.count()
  // More than all windows together: without making up for refusals it would stand still before that.
  await until(() => server.counters.errors.rate_limited > 6 * 3, 'too little was refused')
  await until(() => counts.deliveries > 1000, 'too little was delivered')
  const {errors} = generator.finish()
  expect([...errors.keys()]).toEqual(['rate_limited'])
  expect(errors.get('rate_limited')).toBeGreaterThan(0)
})

test('clients that the server sends away are counted by the reason, and the last one is told of', async () => {
  const server = await gameServer()
  const {generator, joined, deserted, clients} = load({port: server.address.port})
  await joined
  generator.publish()
  generator.count()
  for (const {userId} of clients) server.users.kick(userId)
  await deserted
  expect(generator.finish().lost).toEqual(new Map([['kicked', 12]]))
})

test('all clients stay, although most of them never say anything', async () => {
  const server = await gameServer({server: {heartbeatTimeoutMs: 15_000}})
  const {generator, joined} = load({port: server.address.port, pace: {kind: 'rate', messagesPerSecond: 0.001}})
  await joined
  generator.publish()
  await until(() => server.counters.messages.heartbeat > 0, 'nobody sent a heartbeat')
})

describe('clients that cannot come in', () => {
  test('say what the server said', async () => {
    const server = await gameServer({server: {maxConnections: 5}})
    const {joined} = load({port: server.address.port})
    await expect(joined).rejects.toMatchObject({
      code: 'connection_closed',
      message: expect.stringMatching(/turned user 40000000\d\d away: .*\(server_full\)$/),
    })
  })

  test('say which limit a room has', async () => {
    const server = await gameServer({server: {membersPerRoom: 3}})
    await expect(load({port: server.address.port}).joined).rejects.toMatchObject({code: 'room_full'})
  })

  test('say that nobody is there', async () => {
    const server = await gameServer()
    const {port} = server.address
    await server.close()
    await expect(load({port}).joined).rejects.toMatchObject({code: 'server_unreachable', message: /ECONNREFUSED/})
  })

  test.for([
    ['speaks something else', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'server_unreachable'],
    ['says nothing', null, 'timed_out'],
    ['hangs up', '', 'connection_closed'],
  ] as const)('say that the other side %s', async ([, answer, code]) => {
    const {port} = await stranger(answer)
    await expect(load({port, connectTimeoutMs: 200}).joined).rejects.toMatchObject({code})
  })
})

/** A server that is none of ours: answers and hangs up; null: does neither. */
async function stranger(answer: string | null): Promise<{port: number}> {
  const server: Server = createTcpServer(socket => {
    socket.on('error', () => {})
    socket.resume()
    if (answer !== null) socket.end(answer)
  })
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  onTestFinished(() => void server.close())
  await listening.promise
  return server.address() as {port: number}
}
