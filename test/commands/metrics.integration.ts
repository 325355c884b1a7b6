import {describe, expect, test} from 'vitest'
import type {ServerMetrics, SlowMessage} from '../../src/contract/metrics.js'
import {adminWorld} from '../helpers/admin-world.js'
import {readOpenMetrics} from '../helpers/open-metrics.js'
import {until} from '../helpers/until.js'

const dawdler = `export default {
  name: 'dawdler',
  setup(host) {
    host.hook('beforeMessage', ({message}) => {
      const endMs = performance.now() + (message.message === 'take your time' ? 30 : 0)
      while (performance.now() < endMs);
    })
  },
}
`

const withMetrics = {args: ['--plugins', 'metrics,./dawdler.mjs'], files: {'dawdler.mjs': dawdler}}

describe('gs metrics', () => {
  test('shows the numbers of the server, to people and as JSON', async () => {
    const world = await adminWorld(withMetrics)
    const ann = await world.user(1, {rooms: [7, 8]})
    ann.send({type: 'chat', roomId: 7, message: 'hi', seq: 1})
    await ann.take('ack')
    const metrics: ServerMetrics = await world.json('metrics --sort room --limit 1')
    expect(metrics).toMatchObject({
      connections: 1,
      users: 1,
      rooms: 2,
      messageTypes: {chat: 1, join_room: 2},
      roomStats: [{roomId: 8, userCount: 1, game: null}],
      roomStatsTotal: 2,
    })
    expect(metrics.memoryUsageMb).toBeGreaterThan(10)
    const {stdout, status} = await world.gs('metrics --limit 1')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^connections {2}1, 1 user, 2 rooms$/m)
    expect(stdout).toMatch(/^types {8}join_room 2, chat 1$/m)
    expect(stdout).toMatch(/^ROOM {2}USERS {2}RATE {2}ACTIVE +GAME {2}STATE$/m)
    expect(stdout).toMatch(/^1 of 2; --limit shows more$/m)
  })

  test('prints text for monitors', async () => {
    const world = await adminWorld(withMetrics)
    const {stdout, status} = await world.gs('metrics --prometheus')
    expect(status).toBe(0)
    expect(stdout).toContain('gs_room_active{instance_name="default"} 0\n')
    readOpenMetrics(await world.client.requestText({path: '/metrics', query: {format: 'openmetrics'}}))
  })

  test('of a server without the plugin says what is missing', async () => {
    const world = await adminWorld()
    for (const command of ['metrics', 'metrics slow', 'metrics --prometheus']) {
      const {status, stdout, stderr} = await world.gs(command)
      expect({status, stdout}, command).toEqual({status: 6, stdout: ''})
      expect(stderr).toContain('the metrics plugin is not enabled')
    }
  })
})

test('gs metrics slow names user, room, type and the plugin that took the time, and no words of users', async () => {
  const world = await adminWorld(withMetrics)
  expect((await world.gs('metrics slow')).stdout).toBe('no message took long\n')
  expect(await world.json('metrics slow')).toEqual([])
  const ann = await world.user(1, {rooms: [7]})
  ann.send({type: 'chat', roomId: 7, message: 'take your time', seq: 1})
  await ann.take('ack')
  const slow: SlowMessage[] = await world.json('metrics slow')
  expect(slow[0]).toMatchObject({userId: 1, roomId: 7, type: 'chat', error: null})
  expect(slow[0]?.plugins?.find(({plugin}) => plugin === 'dawdler')?.durationMs).toBeGreaterThanOrEqual(30)
  expect(JSON.stringify(slow)).not.toContain('take your time')
  const {stdout} = await world.gs('metrics slow --sort time')
  expect(stdout).toMatch(/^ +TOOK +OWN {2}WHEN +USER {2}ROOM {2}TYPE +SIZE {2}ERROR {2}IN PLUGINS$/m)
  expect(stdout).toMatch(/ms {2}.* 1 +7 {2}chat +\d+ B {2}- +dawdler 3\d\.\d ms/)
})

describe('gs check', () => {
  test('says in one line and by its status how the server is', async () => {
    const world = await adminWorld(withMetrics)
    const ann = await world.user(1, {rooms: [7]})
    const check = async (flags = '') => {
      const {status, stdout} = await world.gs(`check ${flags}`.trim())
      return `${status} ${stdout.split(' | ')[0]?.trimEnd()}`
    }
    expect(await check()).toMatch(/^0 GS OK - default: connections 1, messages [\d.]+\/s, p99 [\d.]+ ms, errors 0 %$/)
    expect(await check('--users-warn 1: --users-critical 1:')).toMatch(/^0 GS OK/)
    expect(await check('--users-warn 2:')).toBe('1 GS WARNING - default: users 1 (warning: 2:)')
    expect(await check('--rooms-warn 0 --rooms-critical 0')).toBe('2 GS CRITICAL - default: rooms 1 (critical: 0)')
    expect(await check('--p99-critical 10s --p99-warn 5s')).toMatch(/^0/)
    expect(await check('--critical messageTypes.join_room=0')).toBe(
      '2 GS CRITICAL - default: messageTypes.join_room 1 (critical: 0)',
    )
    expect(await check('--warn recent.closeReasons.kicked=0 --warn refusals.some-rule=0')).toMatch(/^0/)
    await world.gs('user kick 1')
    await ann.closed
    expect(await check('--warn closeReasons.kicked=0')).toBe(
      '1 GS WARNING - default: closeReasons.kicked 1 (warning: 0)',
    )
    expect(await check('--p99-warn 50')).toBe('3 GS UNKNOWN - not a threshold: "50"')
    expect(await check('--warn nothing=1')).toBe('3 GS UNKNOWN - no such number: nothing')
    expect(await check('--warn nothing')).toBe('3 GS UNKNOWN - not a limit: "nothing"')
    expect(await check('--bogus')).toMatch(/^3 GS UNKNOWN - /)
  })

  test('gives every number after the bar, with its unit and limits', async () => {
    const world = await adminWorld(withMetrics)
    const {stdout} = await world.gs('check --p99-warn 50ms --memory-critical 2GB --users-warn 0:10')
    const numbers = stdout.trimEnd().split(' | ')[1]?.split(' ') ?? []
    for (const number of numbers) expect(number).toMatch(/^'[\w.-]+'=\d+(\.\d+)?(ms|us|B|MB|%)?;[~@:\d.]*;[~@:\d.]*;0$/)
    expect(numbers.some(number => /^'p99'=[\d.]+ms;50;;0$/.test(number))).toBe(true)
    expect(numbers.some(number => /^'memory'=[\d.]+MB;;2000;0$/.test(number))).toBe(true)
    expect(numbers).toContain("'users'=0;10;;0")
    expect(await world.json('check')).toMatchObject({state: 'ok', instance: 'default', problems: [], failure: null})
  })

  test('works without the plugin as long as no limit needs it', async () => {
    const world = await adminWorld()
    expect(await world.gs('check')).toMatchObject({status: 0, stdout: 'GS OK - default: it runs\n'})
    const limited = await world.gs('check --users-warn 10')
    expect(limited).toMatchObject({status: 3, stdout: 'GS UNKNOWN - the metrics plugin is not enabled\n'})
    world.server.signal('SIGKILL')
    await until(() => world.server.isOver, 'it did not die')
    const gone = await world.gs('check')
    expect(gone.status).toBe(2)
    expect(gone.stdout).toMatch(/^GS CRITICAL - /)
    const json = await world.gs('check --json')
    expect(JSON.parse(json.stdout)).toMatchObject({state: 'critical', instance: null, values: []})
    const mistaken = await world.gs('check --p99-warn x')
    expect(mistaken).toMatchObject({status: 3, stdout: 'GS UNKNOWN - not a threshold: "x"\n'})
  })

  test('a server that drains is worth a warning', async () => {
    const world = await adminWorld(withMetrics)
    await world.user(1)
    await world.client.request({method: 'POST', path: '/v1/drain', body: {forMs: 60_000}})
    expect(await world.gs('check')).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^GS WARNING - default: it is draining \| /),
    })
    world.server.signal('SIGKILL')
    await until(() => world.server.isOver, 'it did not die')
  })
})

const judge = `import {GsError} from '@gsrv/gs'
export default {
  name: 'judge',
  setup(host) {
    host.hook('beforeMessage', ({message}) => {
      if (message.message === 'odd') throw new GsError('content_rejected', 'odd', {rule: 'no-odd-words'})
    })
  },
}
`

/** Values of one metric, by one of its labels. */
function valuesOf(text: string, name: string, label: string): Record<string, number> {
  const lines = text.matchAll(new RegExp(`^${name}\\{.*\\b${label}="([^"]*)".*\\} (\\S+)$`, 'gm'))
  return Object.fromEntries([...lines].map(([, key, value]) => [key, Number(value)]))
}

const sumOf = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0)

test('gs top, gs metrics and the text for monitors show the same while the load changes', async () => {
  const world = await adminWorld({
    args: ['--plugins', 'metrics,./judge.mjs'],
    // From the start on, so that it does not matter that one is asked after the other.
    files: {'judge.mjs': judge, 'gs.config.json': JSON.stringify({metrics: {intervalMs: 60_000}})},
  })
  const users: Awaited<ReturnType<typeof world.user>>[] = []
  const say = async (user: (typeof users)[number] | undefined, message: string, roomId: number, times: number) => {
    for (let time = 0; time < times; time += 1) {
      user?.send({type: 'chat', roomId, message, seq: time})
      await user?.until(() => user.frames.some(({type}) => type === 'ack' || type === 'error'))
      user?.frames.splice(0)
    }
  }
  const phases = [
    async () => {
      for (const userId of [1, 2, 3]) users.push(await world.user(userId, {rooms: [7]}))
      await say(users[0], 'hi', 7, 20)
    },
    async () => {
      users.push(await world.user(4, {rooms: [7]}))
      await say(users[1], 'odd', 7, 6)
      await say(users[2], 'hi', 9, 5)
      await world.gs('user kick 1')
      await users[0]?.closed
    },
    async () => {
      users[1]?.socket.end()
      await users[1]?.closed
      await say(users[3], 'hi', 7, 30)
    },
  ]
  const before: ServerMetrics = await world.json('metrics')
  for (const [phase, run] of phases.entries()) {
    await run()
    const connections = users.filter(({isClosed}) => !isClosed).length
    await expect
      .poll(() => world.client.request<{connections: number}>({path: '/v1/status'}))
      .toMatchObject({connections})
    const [top, metrics, text] = [
      (await world.json('top --once')) as Record<string, unknown>,
      (await world.json('metrics')) as ServerMetrics,
      (await world.gs('metrics --prometheus')).stdout,
    ]
    expect(top.connections, `phase ${phase}`).toBe(connections)
    for (const field of [
      'connections',
      'users',
      'rooms',
      'errorRatePercent',
      'p50ResponseTimeMs',
      'p99ResponseTimeMs',
    ]) {
      expect(top[field], `phase ${phase}: ${field}`).toBe(metrics[field as 'connections'])
    }
    expect(top.closeReasons).toEqual(metrics.closeReasons)
    expect(top.refusals).toEqual(metrics.refusals)
    expect(sumOf(valuesOf(text, 'gs_connection_active', 'state'))).toBe(metrics.connections)
    expect(valuesOf(text, 'gs_connection_closed_total', 'reason')).toEqual(metrics.closeReasons)
    expect(valuesOf(text, 'gs_middleware_rejected_total', 'rule')).toEqual(metrics.refusals)
    const [errors, messages] = [
      sumOf(valuesOf(text, 'gs_message_error_total', 'error')),
      sumOf(valuesOf(text, 'gs_message_received_total', 'type')),
    ]
    expect((100 * errors) / messages).toBeCloseTo(metrics.errorRatePercent, 6)
  }
  expect(await world.json('metrics')).toMatchObject({
    // Whoever waited for the server to be ready has closed a connection, too.
    closeReasons: {kicked: 1, client_closed: before.closeReasons.client_closed + 1},
    refusals: {'no-odd-words': 6},
    totals: {errors: 11, messages: 20 + 6 + 5 + 30 + 4},
  })
})
