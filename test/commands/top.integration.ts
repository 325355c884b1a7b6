import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {TopRecord} from '../../src/ops/top/top-record.js'
import {type AdminWorld, adminWorld} from '../helpers/admin-world.js'
import {programPath, runProgram} from '../helpers/program.js'
import {type TmuxTerminal, TmuxTerminals, whyNoTmux} from '../helpers/tmux-terminal.js'

const withMetrics = {args: ['--plugins', 'metrics']}

describe('gs top for scripts', () => {
  test('--once prints one look at once, every line with its time, without escape codes', async () => {
    const world = await adminWorld(withMetrics)
    await world.user(5, {rooms: [7]})
    const {status, stdout, stderr} = await world.gs('top --once')
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    const lines = stdout.trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [a-z]+( [\w-]+=\S+)+$/)
    expect(lines.map(line => line.split(' ')[1])).toEqual(['server', 'load', 'flow', 'here', 'room'])
    expect(lines.at(-1)).toMatch(/ room id=7 users=1 rate=0\.0\/min active=\d+m?s game=- state=-$/)
  })

  test('--batch looks so many times, and --json is one object a line', async () => {
    const world = await adminWorld(withMetrics)
    await world.user(5, {rooms: [7, 8]})
    const {status, stdout} = await world.gs('top --batch -n 3 -d 100ms --json --sort room --limit 1')
    expect(status).toBe(0)
    const records: TopRecord[] = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(records).toHaveLength(3)
    expect(new Set(records.map(({time}) => time)).size).toBe(3)
    for (const record of records) {
      expect(record).toMatchObject({instance: 'default', state: 'running', users: 1, rooms: 2})
      expect(record.roomStats.map(({roomId}) => roomId)).toEqual([8])
    }
  })

  test('--json alone is one look, with the numbers that the admin channel has', async () => {
    const world = await adminWorld(withMetrics)
    const record: TopRecord = await world.json('top')
    const metrics: {[key: string]: unknown} = await world.client.request({path: '/v1/metrics', query: {limit: 0}})
    for (const key of Object.keys(record).filter(key => key in metrics && key !== 'totals')) {
      expect(typeof record[key as keyof TopRecord], key).toBe(typeof metrics[key])
    }
    expect(record.memoryLimitMb).toBe(metrics.memoryLimitMb)
    expect(record.totals.messages).toBe(0)
  })

  test('without the metrics plugin it counts by itself, and says what it cannot know', async () => {
    const world = await adminWorld()
    const user = await world.user(5, {rooms: [7]})
    const counting = world.json('top --limit 5')
    for (let count = 0; count < 50; count += 1) user.send({type: 'chat', roomId: 7, message: 'hi'})
    const record: TopRecord = await counting
    expect(record.p99ResponseTimeMs).toBeNull()
    expect(record.cpuUsagePercent).toBeGreaterThan(0)
    expect(record.roomStats).toMatchObject([{roomId: 7, messagesPerMinute: null}])
  })

  test('a reader that has seen enough ends it silently', async () => {
    const world = await adminWorld(withMetrics)
    const before = `"${process.execPath}" "${programPath}" top --batch -d 100ms --json | head -n 1 >out; exit 0`
    const {status, stderr} = await runProgram([], {cwd: world.cwd, runtimeDir: world.runtimeDir, before})
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    expect(readFileSync(join(world.cwd, 'out'), 'utf8').trim().split('\n')).toHaveLength(1)
  })

  test.each([
    ['top', 'gs top needs a terminal'],
    ['top --once --batch', '--once'],
    ['top --count 3', '--count is for --batch only'],
    ['top --once --sort nonsense', 'cannot sort by "nonsense"'],
    ['top --once -d 0', 'must be 100ms to 1h'],
    ['top --view nothing', '--view'],
  ])('%s is bad usage', async (command, words) => {
    const world = await adminWorld()
    const {status, stdout, stderr} = await world.gs(command)
    expect({status, stdout}).toEqual({status: 2, stdout: ''})
    expect(stderr).toContain(words)
  })
})

const noTmux = whyNoTmux()

describe.skipIf(noTmux)(`gs top in a terminal${noTmux ? ` (skipped: ${noTmux})` : ''}`, () => {
  /** The process leaves its id in a file. */
  const command = (args: readonly string[], before: string) =>
    `${before} sh -c 'echo $$ >pid; exec "$0" "$@"' ${process.execPath} ${programPath} top ${args.join(' ')}; echo "status=$?"`

  async function openTop(
    world: AdminWorld,
    options: {columns?: number; rows?: number; args?: string[]; env?: Record<string, string>; before?: string} = {},
  ): Promise<TmuxTerminal> {
    const {columns = 100, rows = 30, args = [], env = {}, before = ''} = options
    const variables = {XDG_RUNTIME_DIR: world.runtimeDir, TMPDIR: world.runtimeDir, ...env}
    const terminal = await new TmuxTerminals().open({name: 'top', columns, rows, env: variables})
    await terminal.enter(`cd ${world.cwd}; clear`)
    await terminal.enter(command(args, before))
    return terminal
  }

  async function isWhole(terminal: TmuxTerminal): Promise<void> {
    expect(await terminal.property('alternate_on')).toBe('0')
    expect(await terminal.property('cursor_flag')).toBe('1')
    expect(await terminal.property('mouse_any_flag')).toBe('0')
    expect(await terminal.property('keypad_flag')).toBe('0')
    await terminal.enter('stty -a')
    await terminal.shows(/\bicanon\b/)
    await terminal.shows(/ \becho\b/)
  }

  test('shows what fits at four sizes, and nothing is left over after each change', async () => {
    const world = await adminWorld(withMetrics)
    await world.user(5, {nickname: 'Zoë 日本', rooms: [7, 8, 9]})
    const terminal = await openTop(world, {columns: 200, rows: 60})
    await terminal.shows('rooms 3')
    for (const [columns, rows, wanted, unwanted] of [
      [160, 50, ['events', 'security', 'response', 'deliveries/s'], []],
      [80, 24, ['messages/s', ' plugins ', 'rooms 3'], ['── events', 'deliveries/s']],
      [40, 10, ['rooms 3', 'msgs/s'], ['messages/s', 'overview', '── events']],
      [200, 60, ['events', 'security', 'loop busy'], []],
      [30, 5, ['gs top needs 40 x 10'], ['rooms']],
      [120, 40, ['events', 'rooms 3'], ['gs top needs']],
    ] as const) {
      await terminal.resize(columns, rows)
      // Until it is drawn anew, the terminal shows what is left of the larger screen.
      const faults = async () => {
        const screen = await terminal.screen()
        const heads = screen.split('\n').filter(line => line.includes('gs top')).length
        return [
          ...wanted.filter(words => !screen.includes(words)),
          ...unwanted.filter(words => screen.includes(words)),
          ...(heads === 1 ? [] : [`${heads} heads`]),
        ]
      }
      await expect.poll(faults, {timeout: 5_000, message: `at ${columns} x ${rows}`}).toEqual([])
    }
    await terminal.press('q')
    await terminal.shows('status=0')
    await isWhole(terminal)
  })

  test('a storm of changes of size is survived, down to one cell', async () => {
    const world = await adminWorld(withMetrics)
    const terminal = await openTop(world, {columns: 160, rows: 50})
    await terminal.shows('rooms 0')
    for (let change = 0; change < 60; change += 1)
      await terminal.resize(1 + ((change * 37) % 250), 1 + ((change * 17) % 70))
    for (const [columns, rows] of [
      [1, 1],
      [2, 60],
      [400, 1],
      [100, 30],
    ] as const) {
      await terminal.resize(columns, rows)
    }
    const screen = await terminal.shows('by rate')
    expect(screen.split('\n').filter(line => line.includes('by rate'))).toHaveLength(1)
    await terminal.press('q')
    await terminal.shows('status=0')
    await isWhole(terminal)
  })

  test('keys choose views, rows, order, filter, and look into rooms and users', async () => {
    const world = await adminWorld(withMetrics)
    await world.user(5, {nickname: 'Ann', rooms: [7]})
    await world.user(6, {nickname: 'Bob', rooms: [7, 8]})
    const terminal = await openTop(world)
    await terminal.shows('rooms 2')
    await terminal.type('3')
    await terminal.shows('users 2')
    await terminal.type('/ann')
    await terminal.shows('filter: ann')
    await terminal.shows('users 1')
    await terminal.press('Enter')
    expect(await terminal.shows('filter "ann"')).not.toContain('Bob')
    await terminal.press('Enter')
    await terminal.shows(/user 5 /)
    await terminal.shows('name Ann')
    await terminal.press('Escape')
    await terminal.shows('filter "ann"')
    await terminal.press('Escape')
    await terminal.shows('users 2')
    await terminal.type('2')
    await terminal.type('o')
    await terminal.enter('room')
    await terminal.shows('by room')
    await terminal.shows(/▸ +8 /)
    await terminal.type('r')
    await terminal.shows(/▸ +7 .*\n +8 /)
    await terminal.press('Enter')
    await terminal.shows('room 7')
    await terminal.shows('Bob')
    await terminal.press('Down', 'Enter')
    await terminal.shows(/user 6 /)
    await terminal.type('4')
    await terminal.shows('afterMessage')
    await terminal.type('5')
    await terminal.shows('security off')
    await terminal.type('7')
    await terminal.shows('closed connections')
    await terminal.shows('ready')
    await terminal.type('?')
    await terminal.shows('any key closes this')
    await terminal.type('x')
    await terminal.type('1')
    await terminal.shows('messages/s')
    await terminal.type('p')
    await terminal.shows('PAUSED')
    await terminal.type('3')
    expect(await terminal.shows('users 2')).toContain('PAUSED')
    await terminal.type('1')
    await terminal.type('p')
    await terminal.type('+')
    await terminal.shows('every 1.5 s')
    await terminal.press('Space')
    await terminal.shows(/msgs +\d/)
    await terminal.type('s')
    await terminal.shows('wrote ')
    const [name] = readdirSync(world.cwd).filter(file => file.startsWith('gs-top-default-'))
    expect(JSON.parse(readFileSync(join(world.cwd, name as string), 'utf8'))).toMatchObject({users: 2, rooms: 2})
    await terminal.press('C-c')
    await terminal.shows('status=0')
    await isWhole(terminal)
  })

  test('the other keys do what the help says', async () => {
    const world = await adminWorld(withMetrics)
    await world.user(5, {nickname: 'Ann', rooms: [7]})
    await world.user(6, {nickname: 'Bob', rooms: [7, 8]})
    const terminal = await openTop(world)
    await terminal.shows('rooms 2')
    for (const key of ['F1', 'h']) {
      await terminal.press(key)
      await terminal.shows('any key closes this')
      await terminal.press('Escape')
      await expect.poll(() => terminal.screen()).not.toContain('any key closes this')
    }
    await terminal.type('b')
    await terminal.shows(/unsent +0$/m)
    await terminal.type('b')
    await terminal.shows(/unsent +0 B$/m)
    await terminal.press('Tab')
    await terminal.shows('by rate')
    await terminal.press('Tab')
    await terminal.shows('users 2')
    await terminal.press('BTab')
    for (const [key, order] of [
      ['>', 'by active'],
      ['<', 'by rate'],
      ['Right', 'by active'],
      ['Left', 'by rate'],
    ] as const) {
      await terminal.press(key)
      await terminal.shows(order)
    }
    await terminal.type('I')
    await terminal.shows('RATE▲')
    await terminal.type('I')
    await terminal.shows('RATE▼')
    await terminal.type('F')
    await terminal.shows(/following [78]/)
    await terminal.type('F')
    await expect.poll(() => terminal.screen()).not.toMatch(/following [78]/)
    await terminal.type('3')
    for (const key of ['f', 'F4']) {
      await terminal.press(key)
      await terminal.shows('filter:')
      await terminal.enter('bob')
      await terminal.shows('users 1')
      await terminal.press('Escape')
      await terminal.shows('users 2')
    }
    await terminal.type('6')
    await terminal.shows('cache off')
    await terminal.type('-')
    await terminal.shows('every 0.5 s')
    await terminal.type('Z')
    await terminal.shows('PAUSED')
    await terminal.type('Z')
    await terminal.type('q')
    await terminal.shows('status=0')
    await isWhole(terminal)
  })

  test('kicks a user after asking', async () => {
    const world = await adminWorld(withMetrics)
    const user = await world.user(5)
    const terminal = await openTop(world, {args: ['--view', 'users']})
    await terminal.shows(/▸ +5 /)
    await terminal.type('K')
    await terminal.shows('Kick user 5?')
    await terminal.type('n')
    await terminal.shows('nothing done')
    await terminal.type('K')
    await terminal.type('y')
    expect(await user.take('goodbye')).toMatchObject({reason: 'kicked'})
    await terminal.shows('kicked user 5')
    await terminal.shows('no users')
  })

  test('blocks and unblocks a user, and shows it', async () => {
    const world = await adminWorld({args: ['--plugins', 'metrics,security,cache']})
    const user = await world.user(5)
    const terminal = await openTop(world, {args: ['--view', 'users']})
    await terminal.shows(/▸ +5 /)
    await terminal.type('B')
    await terminal.shows('block user 5 for: 10m')
    await terminal.press('Enter')
    expect(await user.take('goodbye')).toMatchObject({reason: 'blocked'})
    await terminal.shows('blocked user 5')
    await terminal.type('5')
    await terminal.shows('security 1 blocked')
    await terminal.shows(/▸ 5 +by hand +9m/)
    await terminal.type('U')
    await terminal.shows('Unblock user 5?')
    await terminal.type('y')
    await terminal.shows('no blocks')
    await terminal.type('6')
    await terminal.shows('hits L1')
    await world.gs('plugin disable cache')
    await terminal.shows('the plugin cache is off')
  })

  test('a server that goes away is told, and its return too', async () => {
    const world = await adminWorld(withMetrics)
    const terminal = await openTop(world, {rows: 40})
    await terminal.shows('rooms 0')
    world.server.signal('SIGKILL')
    await world.server.ended()
    await terminal.shows(/NO ANSWER for \d+/)
    const again = await adminWorld({...withMetrics, runtimeDir: world.runtimeDir})
    await again.user(5, {rooms: [7]})
    expect(await terminal.shows('rooms 1')).not.toContain('NO ANSWER')
    await terminal.shows('the server is back, started anew')
    await terminal.press('q')
    await terminal.shows('status=0')
  })

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 0],
    ['SIGQUIT', 131],
  ] as const)('%s leaves a whole terminal and ends with %i', async (signal, status) => {
    const world = await adminWorld(withMetrics)
    const terminal = await openTop(world)
    await terminal.shows('rooms 0')
    process.kill(Number(readFileSync(join(world.cwd, 'pid'), 'utf8')), signal)
    await terminal.shows(`status=${status}`)
    await isWhole(terminal)
  })

  test('Ctrl-Z gives the shell back, and fg the screen', async () => {
    const world = await adminWorld(withMetrics)
    const terminal = await openTop(world)
    await terminal.shows('rooms 0')
    await terminal.press('C-z')
    await terminal.shows(/Stopped/)
    expect(await terminal.property('alternate_on')).toBe('0')
    await terminal.enter('clear; fg')
    await terminal.shows('rooms 0')
    await terminal.press('q')
    // What follows the command ran when it was stopped.
    await expect.poll(() => terminal.property('alternate_on'), {timeout: 5_000}).toBe('0')
    expect(await terminal.screen()).not.toContain('rooms 0')
    await isWhole(terminal)
  })

  test.each(['screen-256color', 'tmux-256color', 'xterm-256color', 'vt100'])(
    'TERM=%s is shown in full, and leaves nothing behind',
    async name => {
      const world = await adminWorld(withMetrics)
      const terminal = await openTop(world, {before: `clear; TERM=${name}`})
      await terminal.shows('rooms 0')
      await terminal.press('q')
      expect(await terminal.shows('status=0')).toMatch(/^status=0\n[$#] *\n*$/)
      await isWhole(terminal)
    },
  )

  test('works in ASCII and without colours, by the locale', async () => {
    const world = await adminWorld(withMetrics)
    await world.user(5, {nickname: 'Zoë', rooms: [7]})
    const terminal = await openTop(world, {env: {LC_ALL: 'C', NO_COLOR: '1'}, args: ['--view', 'users']})
    const screen = await terminal.shows('Zo\\u{eb}')
    expect(screen).toMatch(/^[\x20-\x7e\n]*$/)
    expect(screen).toMatch(/> +5 /)
  })

  test.each([
    ['TERM=dumb', 'gs top needs a terminal'],
    ['GS_SOCKET=/nowhere/at/all.sock', 'no server'],
  ])('with %s it refuses before the screen is taken', async (before, words) => {
    const world = await adminWorld()
    const terminal = await openTop(world, {before})
    await terminal.shows(/status=[25]/)
    expect(await terminal.screen()).toContain(words)
  })
})
