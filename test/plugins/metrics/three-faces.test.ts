import {join} from 'node:path'
import {expect, test} from 'vitest'
import {AdminClient} from '../../../src/client/admin/admin-client.js'
import type {ServerMetrics} from '../../../src/contract/metrics.js'
import {GsError} from '../../../src/errors.js'
import {getMetrics} from '../../../src/ops/admin/metrics.js'
import {TopReader} from '../../../src/ops/top/top-reader.js'
import {toTopRecord} from '../../../src/ops/top/top-record.js'
import {definePlugin} from '../../../src/pipeline/define-plugin.js'
import {drawFrame} from '../../../src/tui/top/draw-frame.js'
import {showCount, showMs, showPercent} from '../../../src/tui/top/show-number.js'
import {type ReadFamily, readOpenMetrics} from '../../helpers/open-metrics.js'
import {RawClient} from '../../helpers/raw-client.js'
import {tempFolder} from '../../helpers/temp-folder.js'
import {panelInput, textOf, topState} from '../../tui/top/top-world.js'
import {type MetricsWorld, metricsWorld} from './metrics-world.js'

type Families = ReadonlyMap<string, ReadFamily>

const INTERVAL_MS = 5000

/** What `gs top --json` has under the same names. */
const SHARED_FIELDS = [
  ...(['connections', 'users', 'rooms', 'unsentBytes', 'slowConsumers', 'memoryLimitMb'] as const),
  ...(['messagesPerSecond', 'deliveriesPerSecond', 'bytesInPerSecond', 'bytesOutPerSecond'] as const),
  ...(['errorRatePercent', 'avgResponseTimeMs', 'p50ResponseTimeMs', 'p99ResponseTimeMs', 'roomStats'] as const),
]

/** Lets chat take as long as its words say, and refuses what is odd. */
function createJudge(stall: (ms: number) => void) {
  return definePlugin({
    name: 'judge',
    setup(host) {
      host.hook('beforeMessage', ({message}) => {
        if (message.type !== 'chat') return
        if (message.message === 'odd') throw new GsError('content_rejected', 'odd', {rule: 'no-odd-words'})
        if (message.message === 'rude') throw new GsError('rate_limited', 'rude', {rule: 'be-kind'})
        stall(Number(message.message))
      })
    },
  })
}

/** The numbers as each face gives them, taken at one moment. */
async function readFaces({server, metrics}: MetricsWorld, client: AdminClient) {
  const text = await client.requestText({path: '/metrics', query: {format: 'openmetrics'}})
  return {
    families: readOpenMetrics(text),
    asked: await getMetrics(client, {sort: 'rate', reverse: false, limit: 20}),
    own: server.metrics(),
    top: await new TopReader({client, nowMs: Date.now}).read({
      rooms: {sort: 'rate', isReversed: false, filter: '', limit: 20},
    }),
    lastSample: metrics.history().samples.at(-1),
  }
}

function sumOf(families: Families, name: string, label?: string): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const {samples} of families.values()) {
    for (const sample of samples) {
      if (sample.name !== name) continue
      const key = label === undefined ? '' : (sample.labels[label] ?? '')
      sums[key] = (sums[key] ?? 0) + sample.value
    }
  }
  return sums
}

function totalOf(families: Families, name: string): number {
  return Object.values(sumOf(families, name)).reduce((sum, value) => sum + value, 0)
}

/** The bounds of the bucket where a percentile of what came between two readings lies, in milliseconds. */
function percentileBounds(before: Families, after: Families, share: number): [lowMs: number, highMs: number] {
  const name = 'gs_message_duration_seconds_bucket'
  const [from, to] = [sumOf(before, name, 'le'), sumOf(after, name, 'le')]
  const buckets = Object.entries(to)
    .map(([le, count]) => ({
      bound: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le),
      count: count - (from[le] ?? 0),
    }))
    .sort((one, other) => one.bound - other.bound)
  const wanted = share * (buckets.at(-1)?.count ?? 0)
  const index = buckets.findIndex(({count}) => count >= wanted)
  return [1000 * (buckets[index - 1]?.bound ?? 0), 1000 * (buckets[index]?.bound ?? 0)]
}

const withoutTime = ({timestamp: _, ...metrics}: ServerMetrics) => ({
  ...metrics,
  // Of the process, and it goes on between two questions.
  memoryUsageMb: 0,
  heapUsedMb: 0,
  cpuUsagePercent: 0,
  eventLoopUtilizationPercent: 0,
  hookTimeUs: 0,
})

test('the admin channel, the library, gs top and the text for monitors agree while the load changes', async () => {
  const socketPath = join(tempFolder(), 'admin.sock')
  let stall = (_: number) => {}
  let stalledMs = 0
  const judge = createJudge(ms => stall(ms))
  await using world = await metricsWorld({
    plugins: [judge],
    metrics: {intervalMs: INTERVAL_MS},
    admin: {socket: socketPath},
  })
  const {clock, server} = world
  stall = ms => {
    stalledMs += ms
    clock.stall(ms)
  }
  const client = new AdminClient({socketPath})
  const users: RawClient[] = []
  const say = async (user: RawClient, words: string, times = 1) => {
    for (let time = 0; time < times; time += 1) {
      user.send({type: 'chat', roomId: 7, message: words, seq: time})
      await user.until(() => user.frames.some(({type}) => type === 'ack' || type === 'error'))
      user.frames.length = 0
    }
  }
  const enter = async (userId: number) => void users.push(await world.user(userId, 7))
  const leave = async (user: RawClient | undefined) => {
    user?.socket.end()
    await user?.closed
  }

  const phases: {
    readonly name: string
    readonly run: () => Promise<void>
    readonly errors: number
    readonly sent: number
  }[] = [
    {
      name: 'calm',
      async run() {
        for (const userId of [1, 2, 3]) await enter(userId)
        for (const user of users) await say(user, '1', 10)
      },
      sent: 33,
      errors: 0,
    },
    {
      name: 'a crowd, slow messages and refusals',
      async run() {
        for (let userId = 4; userId <= 10; userId += 1) await enter(userId)
        for (const user of users.slice(0, 4)) await say(user, '20', 10)
        for (const user of users.slice(0, 7)) await say(user, 'odd')
        await say(users[8] as RawClient, 'rude', 3)
        await say(users[9] as RawClient, '7', 20)
      },
      sent: 7 + 40 + 7 + 3 + 20,
      errors: 10,
    },
    {
      name: 'most leave',
      async run() {
        for (const user of users.slice(3, 8)) await leave(user)
        server.users.kick(1)
        await users[0]?.closed
        const stranger = await RawClient.connect(world.port)
        stranger.write('GET / HTTP/1.1\r\n\r\n')
        await stranger.closed
        await say(users[1] as RawClient, 'odd', 2)
        await say(users[2] as RawClient, '3', 5)
      },
      sent: 7,
      errors: 2,
    },
    {name: 'silence', async run() {}, sent: 0, errors: 0},
  ]

  clock.advance(1000)
  let before = (await readFaces(world, client)).families
  for (const {name, run, sent, errors} of phases) {
    stalledMs = 0
    await run()
    await expect.poll(() => server.connectionCount).toBe(users.filter(({isClosed}) => !isClosed).length)
    clock.advance(INTERVAL_MS - stalledMs)
    const {families, asked, own, top, lastSample} = await readFaces(world, client)
    const grown = (metric: string) => totalOf(families, metric) - totalOf(before, metric)

    expect(withoutTime(asked), name).toEqual(withoutTime(own))
    const record = toTopRecord(top)
    for (const field of SHARED_FIELDS) expect(record[field], `${name}: ${field} of gs top`).toEqual(asked[field])
    const {lines} = drawFrame(panelInput({sample: top}), {columns: 160, rows: 50}, {hasLineCharts: false})
    const screen = lines.map(textOf).join('\n')
    expect(screen, name).toMatch(new RegExp(`conns +${asked.connections} `))
    expect(screen, name).toMatch(new RegExp(`msgs/s +${showCount(asked.messagesPerSecond)} `))
    expect(screen, name).toMatch(new RegExp(`p99 +${showMs(asked.p99ResponseTimeMs)} `))
    expect(screen, name).toMatch(new RegExp(`errors +${showPercent(asked.errorRatePercent)} `))
    const plugins = drawFrame(
      panelInput({sample: top, state: {...topState({view: 'plugins'}), showsTotals: true}}),
      {columns: 160, rows: 50},
      {hasLineCharts: false},
    )
    const counts = plugins.lines.map(textOf).join('\n')
    for (const [kind, count] of [...Object.entries(asked.closeReasons), ...Object.entries(asked.refusals)]) {
      if (count > 0) expect(counts, `${name}: ${kind}`).toMatch(new RegExp(`${kind} +${count} `))
    }
    expect(asked.intervalMs, name).toBeCloseTo(INTERVAL_MS)
    expect(grown('gs_message_received_total'), name).toBe(sent)
    expect(asked.messagesPerSecond, name).toBeCloseTo((1000 * grown('gs_message_received_total')) / INTERVAL_MS, 6)
    expect(asked.deliveriesPerSecond, name).toBeCloseTo((1000 * grown('gs_message_delivered_total')) / INTERVAL_MS, 6)

    expect(asked.connections, name).toBe(server.connectionCount)
    expect(totalOf(families, 'gs_connection_active'), name).toBe(asked.connections)
    expect(lastSample?.connections, name).toBe(asked.connections)
    expect(sumOf(families, 'gs_connection_active', 'state').welcomed, name).toBe(asked.users)

    expect(grown('gs_message_error_total'), name).toBe(errors)
    expect(asked.errorRatePercent, name).toBeCloseTo(sent === 0 ? 0 : (100 * errors) / sent, 6)

    const [lowMs, highMs] = percentileBounds(before, families, 0.99)
    if (sent === 0) expect(asked.p99ResponseTimeMs, name).toBe(0)
    else expect(asked.p99ResponseTimeMs, `${name}: ${lowMs} to ${highMs}`).toBeGreaterThan(lowMs)
    expect(asked.p99ResponseTimeMs, name).toBeLessThanOrEqual(highMs * 1.01)
    const meanMs = (1000 * grown('gs_message_duration_seconds_sum')) / grown('gs_message_duration_seconds_count')
    expect(asked.avgResponseTimeMs, name).toBeCloseTo(sent === 0 ? 0 : meanMs, 6)

    expect(sumOf(families, 'gs_connection_closed_total', 'reason'), name).toEqual(asked.closeReasons)
    expect(sumOf(families, 'gs_middleware_rejected_total', 'rule'), name).toEqual(asked.refusals)
    expect(sumOf(families, 'gs_message_received_total', 'type'), name).toEqual(asked.messageTypes)
    expect(sumOf(families, 'gs_message_error_total', 'error'), name).toEqual(asked.errors)
    before = families
  }
  const {closeReasons, refusals} = server.metrics()
  expect(closeReasons).toMatchObject({client_closed: 5, kicked: 1, wrong_protocol: 1})
  expect(refusals).toEqual({'no-odd-words': 9, 'be-kind': 3})
})
