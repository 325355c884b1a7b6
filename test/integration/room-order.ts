import type {Clock} from '../../src/contract/clock.js'
import {GsError} from '../../src/errors.js'
import {defineGame} from '../../src/games/define-game.js'
import {createTestServer, type TestServer} from '../../src/ops/create-test-server.js'
import {definePlugin} from '../../src/pipeline/define-plugin.js'
import {systemClock} from '../../src/util/system-clock.js'
import {createRandom} from '../helpers/create-random.js'
import {checkHistory} from './room-order-history.js'
import type {PeekState} from './room-order-interval.js'
import {OrderPlayer, REFUSED_MARK} from './room-order-player.js'
import {expectThat, OrderViolation} from './room-order-violation.js'

/**
 * A check of the promise about order [protocol 3, order] by chance: clients that join, leave, chat, play, break off and
 * come back as the dice say, without waiting for anything, and afterwards a comparison of what each of them received.
 *
 * What a client does depends on the seed alone. How the clients' messages interleave depends on the machine, too, so a
 * seed that failed once may need a few runs to fail again.
 */
export interface OrderRun {
  readonly variant: OrderVariant
  readonly seed: number
  /** Default 8. */
  readonly clients?: number
  /** Of each client. Default 2000. */
  readonly operations?: number
}

export interface OrderVariant {
  /** `ndjson.tick0.sync`, for one. */
  readonly name: string
  readonly framing: 'ndjson' | 'length-prefixed' | 'mixed'
  readonly tickMs: number
  /** A hook answers some messages late, and refuses some. */
  readonly isHookLate: boolean
}

export interface OrderReport {
  readonly operations: number
  readonly connections: number
  /** Frames that clients received, each of them checked. */
  readonly frames: number
  readonly memberships: number
  /** Steps of a room's history that were compared with what another member saw. */
  readonly compared: number
  /** Memberships that overlapped with nobody's, so that there was nothing to compare. */
  readonly alone: number
}

export const ORDER_VARIANTS: readonly OrderVariant[] = (['ndjson', 'length-prefixed', 'mixed'] as const).flatMap(
  framing =>
    [0, 20].flatMap(tickMs =>
      [false, true].map(isHookLate => ({
        name: `${framing}.tick${tickMs}.${isHookLate ? 'late' : 'sync'}`,
        framing,
        tickMs,
        isHookLate,
      })),
    ),
)

const ROOM_IDS = [1, 2, 3]
const PATIENCE_MS = 60_000

/** A game in which each player sees something else, so that its frames are sent to each apart. */
const peek = defineGame({
  name: 'peek',
  minPlayers: 1,
  maxPlayers: 3,
  setup: () => ({count: 0, last: '', isOver: false}),
  onAction(state, {action}) {
    const {id, isLast} = action as {id: string; isLast: boolean}
    return {count: state.count + 1, last: id, isOver: isLast}
  },
  onLeave: state => state,
  outcome: ({isOver}) => (isOver ? {winner: null} : undefined),
  view: ({count, last}, viewer): PeekState => ({count, last, viewer}),
})

/**
 * Runs one seed.
 *
 * @throws {OrderViolation} with one sentence about the first promise that was found broken.
 */
export async function checkRoomOrder({variant, seed, clients = 8, operations = 2000}: OrderRun): Promise<OrderReport> {
  const random = createRandom(seed)
  await using testServer = await startServer(variant, createRandom(seed + 0.5))
  const broken = Promise.withResolvers<never>()
  // Whoever waits for it comes later.
  broken.promise.catch(() => {})
  const framings = variant.framing === 'mixed' ? (['ndjson', 'length-prefixed'] as const) : [variant.framing]
  const players = Array.from(
    {length: clients},
    (_, index) =>
      new OrderPlayer({
        port: testServer.port,
        userId: index + 1,
        operations,
        roomIds: ROOM_IDS,
        framings,
        hasRefusals: variant.isHookLate,
        random: createRandom(random()),
        onFailure: broken.reject,
      }),
  )
  const timer = setTimeout(() => broken.reject(new OrderViolation(describeWait(players))), PATIENCE_MS)
  try {
    await Promise.race([play(players, testServer), broken.promise])
    return judge(players, testServer, clients * operations)
  } finally {
    clearTimeout(timer)
    for (const {sessions} of players) for (const session of sessions) session.rest()
  }
}

async function play(players: readonly OrderPlayer[], {server}: TestServer): Promise<void> {
  await Promise.all(players.map(player => player.run()))
  for (const {sessions} of players) await Promise.all(sessions.slice(0, -1).map(({closed}) => closed))
  await Promise.all(players.map(player => player.settle()))
  while (server.connectionCount > players.length) await new Promise(resolve => setImmediate(resolve))
  // By now the server has handled everything; the answer to this comes behind all that is under way.
  await Promise.all(players.map(player => player.settle()))
}

function judge(players: readonly OrderPlayer[], {server}: TestServer, operations: number): OrderReport {
  const believed = new Map(players.flatMap(({session}) => [...session.inside]))
  for (const roomId of ROOM_IDS) {
    const members = server.rooms.get(roomId)?.members.map(({nickname}) => nickname) ?? []
    const known = [...(believed.get(roomId)?.members.values() ?? [])]
    expectThat(
      members.join() === known.join(),
      () => `room ${roomId}: the server has ${members}, its members know ${known}`,
    )
  }
  expectThat(server.users.count === players.length, () => `the server has ${server.users.count} users`)

  const sessions = players.flatMap(player => player.sessions)
  for (const {session} of players) session.rest()
  const intervals = sessions.flatMap(session => session.intervals)
  for (const interval of intervals) interval.checkEchoes()
  const cut = new Set(sessions.filter(({wasCut}) => wasCut).map(({self}) => self.nickname))
  const histories = ROOM_IDS.map(roomId =>
    checkHistory(
      intervals.filter(interval => interval.roomId === roomId),
      observer => cut.has(observer),
    ),
  )
  return {
    operations,
    connections: sessions.length,
    frames: sessions.reduce((sum, {framesSeen}) => sum + framesSeen, 0),
    memberships: intervals.length,
    compared: histories.reduce((sum, {compared}) => sum + compared, 0),
    alone: histories.reduce((sum, {alone}) => sum + alone, 0),
  }
}

/**
 * Limits that have nothing to do with order are out of the way. Of the timers that repeat only the tick runs: the others
 * watch the load, and a machine that is busy with many runs would be taken for a server that is overloaded.
 */
function startServer({tickMs, isHookLate}: OrderVariant, random: () => number): Promise<TestServer> {
  const unsent = 64 * 1024 * 1024
  const clock: Clock = {
    ...systemClock,
    every: (intervalMs, task) => (intervalMs === tickMs ? systemClock.every(intervalMs, task) : () => {}),
  }
  return createTestServer(
    {
      server: {tickMs, maxMemoryMb: 1_000_000, unsentHardBytes: unsent, unsentSoftBytes: unsent},
      games: [peek],
      plugins: isHookLate ? [createDawdler(random)] : [],
    },
    {clock},
  )
}

/** A hook that answers some messages at once, some in a microtask, some in a later turn, and some after a timer. */
function createDawdler(random: () => number) {
  return definePlugin({
    name: 'dawdler',
    setup(host) {
      host.hook('beforeMessage', ({message}) => {
        const isRefused = message.type === 'chat' && message.message.endsWith(REFUSED_MARK)
        const kind = random()
        if (kind < 0.7) return judgeMessage(isRefused)
        return waitFor(kind).then(() => judgeMessage(isRefused))
      })
    },
  })
}

function waitFor(kind: number): Promise<unknown> {
  if (kind < 0.9) return Promise.resolve()
  if (kind < 0.995) return new Promise(resolve => setImmediate(resolve))
  return new Promise(resolve => setTimeout(resolve, 1 + (kind - 0.995) * 400))
}

function judgeMessage(isRefused: boolean): void {
  if (isRefused) throw new GsError('content_rejected', 'as it asked for')
}

function describeWait(players: readonly OrderPlayer[]): string {
  const late = players.filter(({session}) => session.unanswered > 0 || session.isClosed)
  return `after ${PATIENCE_MS} ms some still wait: ${late.map(({session}) => session.state).join('; ')}`
}
