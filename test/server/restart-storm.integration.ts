import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {beforeAll, expect, onTestFinished, test} from 'vitest'
import {GsClient} from '../../src/client/game-client.js'
import type {ServerMessage} from '../../src/contract/messages.js'
import {CROWD_SIZE} from '../helpers/crowd-size.js'
import {freePort} from '../helpers/free-port.js'
import {ManualClientClock} from '../helpers/manual-client-clock.js'
import {RawClient} from '../helpers/raw-client.js'
import {bundleProgram} from '../helpers/run-program.js'
import {until} from '../helpers/until.js'

/** So few that one list shows them all. */
const ROOMS = 100
/** More manual time than a test takes: what is to be seen here is neither slowness nor silence. */
const NEVER_MS = 3_600_000
const STEP_MS = 25

/** Clients of one server, the time they live in, and what they went through. */
class Crowd {
  readonly clock = new ManualClientClock()
  readonly members: GsClient[] = []
  /** Those who are connected and in their room. */
  readonly present = new Set<GsClient>()
  readonly errors: ServerMessage[] = []
  /** When each attempt at a new connection was due, and the greatest number of them that one client needed. */
  readonly #dueMs: number[] = []
  #lastDueMs = 0
  mostAttempts = 0

  async connect(port: number, count: number): Promise<void> {
    // A few at a time: the storm is to come from the restart.
    for (let first = 1; first <= count; first += 100) {
      const userIds = Array.from({length: Math.min(100, count - first + 1)}, (_, index) => first + index)
      await Promise.all(userIds.map(userId => this.#add(port, userId)))
    }
  }

  /** Lets time pass until all are back. It stands still while the last attempts are under way. */
  async comeBack(): Promise<void> {
    const isBack = () => this.present.size === this.members.length
    while (!isBack()) {
      while (this.clock.monotonicMs() < this.#lastDueMs) {
        this.clock.advance(STEP_MS)
        await new Promise(setImmediate)
      }
      await until(() => isBack() || this.clock.monotonicMs() < this.#lastDueMs, 'somebody stayed away')
    }
  }

  /** The greatest number of attempts within a tenth of a second. */
  get densest(): number {
    const dueMs = this.#dueMs.toSorted((one, other) => one - other)
    let [most, from] = [0, 0]
    for (const [index, atMs] of dueMs.entries()) {
      while ((dueMs[from] as number) <= atMs - 100) from += 1
      most = Math.max(most, index - from + 1)
    }
    return most
  }

  async #add(port: number, userId: number): Promise<void> {
    const client = await GsClient.connect({
      port,
      userId,
      framing: userId % 2 === 0 ? 'ndjson' : 'length-prefixed',
      clock: this.clock,
      connectTimeoutMs: NEVER_MS,
      requestTimeoutMs: NEVER_MS,
    })
    this.members.push(client)
    client.on('error', message => void this.errors.push(message))
    client.on('room_joined', () => void this.present.add(client))
    client.on('reconnecting', ({attempt, delayMs}) => {
      this.present.delete(client)
      const dueMs = this.clock.monotonicMs() + delayMs
      this.#dueMs.push(dueMs)
      this.#lastDueMs = Math.max(this.#lastDueMs, dueMs)
      this.mostAttempts = Math.max(this.mostAttempts, attempt)
    })
    await client.joinRoom(1 + (userId % ROOMS))
  }
}

/** A server whose time stands still, so that a slow machine is neither overload nor silence. It says what goes wrong. */
const SOURCE = `
  import {createServer} from './src/ops/create-server.js'
  const never = () => () => {}
  const clock = {nowMs: Date.now, monotonicMs: () => 0, every: never, after: never}
  const say = (fields, message) => console.log(message, fields)
  const log = {debug() {}, info() {}, warn: say, error: say}
  const server = await createServer({server: {port: Number(process.argv[2])}}, {clock, log})
  process.once('SIGTERM', async () => process.exit((await server.close()) ? 0 : 1))
  console.log('listening')
`

async function startServer(program: string, port: number) {
  const child = spawn(process.execPath, [program, String(port)], {stdio: ['ignore', 'pipe', 'inherit']})
  onTestFinished(() => void child.kill('SIGKILL'))
  const server = {child, ended: once(child, 'exit'), stdout: ''}
  child.stdout.on('data', data => {
    server.stdout += data
  })
  await until(() => server.stdout.includes('\n'), 'the server did not start')
  return server
}

let program: string
beforeAll(async () => {
  program = await bundleProgram('restart-storm', SOURCE)
})

test.for([
  // Told when to come back, all find the server there at the first attempt, spread over seconds.
  {signal: 'SIGTERM', missedMs: 0, mostAttempts: 1, spreadMs: 2000 + 2 * CROWD_SIZE},
  // Told nothing, they come within half a second, and those who find nobody once more, within a second.
  {signal: 'SIGKILL', missedMs: 300, mostAttempts: 2, spreadMs: 500},
] as const)(
  'all clients of a server that ends by $signal and starts anew come back, apart and once',
  async ({signal, missedMs, mostAttempts, spreadMs}) => {
    const port = await freePort()
    const before = await startServer(program, port)
    const crowd = new Crowd()
    onTestFinished(async () => void (await Promise.all(crowd.members.map(client => client.close()))))
    await crowd.connect(port, CROWD_SIZE)

    before.child.kill(signal)
    expect(await before.ended).toEqual(signal === 'SIGTERM' ? [0, null] : [null, signal])
    await until(() => crowd.present.size === 0, 'somebody did not notice that the server is gone')
    crowd.clock.advance(missedMs)
    const after = await startServer(program, port)
    await crowd.comeBack()

    const {rooms} = await (crowd.members[0] as GsClient).listRooms(ROOMS)
    expect(rooms.map(({userCount}) => userCount)).toEqual(Array(ROOMS).fill(CROWD_SIZE / ROOMS))
    expect(crowd.errors).toEqual([])
    expect(crowd.mostAttempts).toBe(mostAttempts)
    // More than twice the even share at one time is no chance.
    expect(crowd.densest).toBeLessThan((2 * CROWD_SIZE * 100) / spreadMs)
    for (const server of [before, after]) expect(server.stdout).toBe('listening\n')
  },
)

test('a crowd that knocks while the server stands still waits at the door, and is let in', {timeout: 60_000}, async ({
  skip,
}) => {
  const most = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'))
  if (most < CROWD_SIZE) skip(`the kernel lets ${most} wait`)
  const port = await freePort()
  const server = await startServer(program, port)
  server.child.kill('SIGSTOP')
  const userIds = Array.from({length: CROWD_SIZE}, (_, index) => 1 + index)
  // Whoever finds no place at the door would not be connected, as nobody opens.
  const crowd = await Promise.all(userIds.map(() => RawClient.connect(port)))
  onTestFinished(() => crowd.forEach(client => void client.socket.destroy()))
  server.child.kill('SIGCONT')
  for (const [index, client] of crowd.entries()) client.send({type: 'hello', userId: userIds[index]})
  for (const [index, client] of crowd.entries()) expect((await client.next())?.userId).toBe(userIds[index])
})
