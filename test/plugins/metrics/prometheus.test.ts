import {describe, expect, test} from 'vitest'
import {definePlugin} from '../../../src/pipeline/define-plugin.js'
import {freePort} from '../../helpers/free-port.js'
import {type ReadFamily, readOpenMetrics} from '../../helpers/open-metrics.js'
import {metricsWorld} from './metrics-world.js'

/** Registers what a plugin may register, well and badly. */
const registrar = definePlugin({
  name: 'registrar',
  setup(host) {
    host.metric({name: 'words_total', help: 'Words "said".', type: 'counter', read: () => 7})
    host.metric({
      name: 'mood_ratio',
      help: 'By face:\nall of them.',
      type: 'gauge',
      read: () => [
        {labels: {face: 'a"b\\c\nd'}, value: 0.5},
        {labels: {face: 'plain'}, value: Number.NaN},
        {labels: {face: 'plain'}, value: 1},
        {labels: {'no-label': 'x'}, value: 1},
        {labels: {instance_name: 'x'}, value: 1},
      ],
    })
    host.metric({
      name: 'broken',
      help: 'Cannot be read.',
      type: 'gauge',
      read() {
        throw new Error('no luck')
      },
    })
    host.metric({name: 'room_active', help: 'Has the name of one of the server.', type: 'gauge', read: () => -1})
    host.metric({
      name: 'flood',
      help: 'Too many.',
      type: 'gauge',
      read: () => Array.from({length: 1500}, (_, index) => ({labels: {index: String(index)}, value: index})),
    })
  },
})

async function busyWorld() {
  const world = await metricsWorld({plugins: [registrar]})
  const ann = await world.user(1, 7)
  const bob = await world.user(2, 7)
  await world.chat(ann, 7, 5)
  bob.send({type: 'chat', roomId: 9, message: 'nobody there', seq: 1}, {type: 'nonsense'})
  await bob.take('error')
  await bob.take('error')
  ann.send({type: 'game_start', roomId: 7, game: 'tictactoe', seq: 2})
  await ann.take('ack')
  bob.socket.end()
  await bob.closed
  await expect.poll(() => world.server.users.count).toBe(1)
  world.clock.advance(2000)
  return world
}

function readValue(
  families: ReadonlyMap<string, ReadFamily>,
  name: string,
  labels: Record<string, string> = {},
): number {
  const wanted = Object.entries({instance_name: 'default', ...labels})
  const found = [...families.values()]
    .flatMap(({samples}) => samples)
    .filter(
      sample =>
        sample.name === name &&
        wanted.length === Object.keys(sample.labels).length &&
        wanted.every(([label, value]) => sample.labels[label] === value),
    )
  expect(found, `${name} ${JSON.stringify(labels)}`).toHaveLength(1)
  return found[0]?.value as number
}

describe('the text for monitors', () => {
  test('keeps to the grammar of OpenMetrics and says what happened', async () => {
    await using world = await busyWorld()
    const families = readOpenMetrics(await world.metrics.prometheus('openmetrics'))
    const expected: [name: string, labels: Record<string, string>, value: number][] = [
      ['gs_connection_active', {transport: 'tcp', state: 'welcomed'}, 1],
      ['gs_connection_active', {transport: 'tcp', state: 'anonymous'}, 0],
      ['gs_connection_opened_total', {transport: 'tcp'}, 2],
      ['gs_connection_closed_total', {reason: 'client_closed'}, 1],
      ['gs_connection_closed_total', {reason: 'slow_consumer'}, 0],
      ['gs_connection_duration_seconds_count', {reason: 'client_closed'}, 1],
      ['gs_session_duration_seconds_count', {}, 1],
      ['gs_message_received_total', {type: 'chat'}, 6],
      ['gs_message_received_total', {type: 'invalid'}, 1],
      ['gs_message_error_total', {error: 'not_in_room'}, 1],
      ['gs_message_error_total', {error: 'unknown_type'}, 1],
      ['gs_message_duration_seconds_count', {type: 'chat', outcome: 'ok'}, 5],
      ['gs_message_duration_seconds_count', {type: 'chat', outcome: 'error'}, 1],
      ['gs_message_duration_seconds_count', {type: 'invalid', outcome: 'error'}, 1],
      ['gs_network_io_bytes_total', {direction: 'receive'}, world.server.counters.bytesIn],
      ['gs_network_io_bytes_total', {direction: 'transmit'}, world.server.counters.bytesOut],
      ['gs_message_delivered_total', {}, world.server.counters.deliveries],
      ['gs_room_active', {}, 1],
      ['gs_room_member_active', {}, 1],
      ['gs_room_created_total', {}, 1],
      ['gs_game_started_total', {}, 1],
      ['gs_plugin_enabled', {plugin: 'metrics'}, 1],
      ['gs_server_overloaded', {reason: 'memory'}, 0],
      ['gs_words_total', {}, 7],
      ['gs_mood_ratio', {face: 'a"b\\c\nd'}, 0.5],
      ['gs_mood_ratio', {face: 'plain'}, 1],
    ]
    for (const [name, labels, value] of expected) expect(readValue(families, name, labels), name).toBe(value)
    expect(readValue(families, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect(readValue(families, 'process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(readValue(families, 'process_open_fds')).toBeGreaterThan(3)
    expect(families.get('gs_message_duration_seconds')).toMatchObject({type: 'histogram', unit: 'seconds'})
  })

  test('what plugins register badly costs only its own values, and is counted', async () => {
    await using world = await busyWorld()
    const families = readOpenMetrics(await world.metrics.prometheus('openmetrics'))
    expect(readValue(families, 'gs_room_active')).toBe(1)
    expect(families.has('gs_broken')).toBe(false)
    expect(families.get('gs_flood')?.samples).toHaveLength(1000)
    // 1 twice, 2 labels out of form, 1 broken, 1 name taken, 500 too many.
    expect(readValue(families, 'gs_metrics_series_dropped_total')).toBe(505)
  })

  test('names no user, room or address, unless rooms are asked for', async () => {
    await using world = await metricsWorld({metrics: {roomLabels: 1}})
    const ann = await world.user(1234567, 7654321, 7654322)
    await world.chat(ann, 7654322, 6)
    world.clock.advance(1000)
    const families = readOpenMetrics(await world.metrics.prometheus('openmetrics'))
    expect(readValue(families, 'gs_busiest_room_message_rate', {room: '7654322'})).toBeCloseTo(6)
    expect(readValue(families, 'gs_busiest_room_message_rate', {room: 'other'})).toBe(0)
    expect(readValue(families, 'gs_busiest_room_member_active', {room: 'other'})).toBe(1)
    await using plain = await metricsWorld()
    const bob = await plain.user(1234567, 7654321)
    await plain.chat(bob, 7654321, 1)
    expect(await plain.metrics.prometheus()).not.toMatch(/1234567|7654321|127\.0\.0\.1/)
  })

  test('in the older format, counters and infos carry their suffix in the type, too', async () => {
    await using world = await busyWorld()
    const lines = (await world.metrics.prometheus()).split('\n')
    expect(lines).toContain('# TYPE gs_message_delivered_total counter')
    expect(lines).toContain('# TYPE gs_build_info gauge')
    expect(lines).toContain('# HELP gs_mood_ratio By face:\\nall of them.')
    expect(lines).toContain('gs_words_total{instance_name="default"} 7')
    expect(lines.some(line => line.startsWith('# UNIT') || line === '# EOF')).toBe(false)
  })
})

describe('the port for monitors', () => {
  test('answers /metrics in the format that is asked for, and nothing else', async () => {
    const port = await freePort()
    await using world = await metricsWorld({metrics: {prometheus: {host: '127.0.0.1', port}}})
    await world.user(1, 7)
    const ask = (path: string, options: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, options)
    const older = await ask('/metrics')
    expect([older.status, older.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    expect(await older.text()).toContain('gs_room_active{instance_name="default"} 1\n')
    const accept = 'application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.3'
    const open = await ask('/metrics?x=1', {headers: {accept}})
    expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect(readValue(readOpenMetrics(await open.text()), 'gs_room_active')).toBe(1)
    expect((await ask('/')).status).toBe(404)
    expect((await ask('/v1/status')).status).toBe(404)
    expect((await ask('/metrics', {method: 'POST', body: 'x'})).status).toBe(405)
    await world.server.disablePlugin('metrics')
    await expect(ask('/metrics')).rejects.toThrow()
    await world.server.enablePlugin(world.server.configuredPlugin('metrics') as never)
    expect((await ask('/metrics')).status).toBe(200)
  })

  test('that is taken stops the start, in words', async () => {
    const port = await freePort()
    await using _world = await metricsWorld({metrics: {prometheus: {host: '127.0.0.1', port}}})
    await expect(metricsWorld({metrics: {prometheus: {host: '127.0.0.1', port}}})).rejects.toThrow(
      `metrics.prometheus: 127.0.0.1:${port} is in use`,
    )
  })

  test.for([{host: '0.0.0.0', port: 9464}, {host: '127.0.0.1', port: 70_000}, {port: 9464}, '127.0.0.1:9464', 9464])(
    '%o is refused',
    async prometheus => {
      await expect(metricsWorld({metrics: {prometheus: prometheus as never}})).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('metrics.prometheus: must be a host of the loopback address and a port'),
      })
    },
  )
})
