import {deepStrictEqual, ok} from 'node:assert/strict'
import {readdirSync} from 'node:fs'
import {setTimeout} from 'node:timers/promises'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import type {Clock} from '../../src/contract/clock.js'
import type {Logger} from '../../src/contract/logger.js'
import {createServer} from '../../src/ops/create-server.js'
import type {GameServer} from '../../src/server/game-server.js'
import {systemClock} from '../../src/util/system-clock.js'
import {createRandom} from '../helpers/create-random.js'
import {until} from '../helpers/until.js'
import {SoakGuest} from './soak-guest.js'

/**
 * A check that a server keeps nothing: guests by the thousand come, join, chat, play, blunder and go in every way there
 * is, and each time all of them have gone, everything the server holds must be what it was before the first one came.
 */
export interface SoakRun {
  readonly seed: number
  /** The server's time, and how it goes on. Default: the machine's. */
  readonly clock?: Clock
  readonly pass?: (durationMs: number) => unknown
  /** Guests between two looks at what is left. Default 300. */
  readonly guestsPerRound?: number
  /** Asked after each round, the first of which only warms up. */
  isOver(rounds: readonly SoakRound[]): boolean
}

/** What is left when all guests of a round have gone. */
export interface SoakRound {
  readonly guests: number
  /** After a garbage collection, the memory of buffers included. */
  readonly heapBytes: number
  readonly descriptors: number
}

const GUESTS_AT_ONCE = 30
/** What is kept for a while after everybody has gone is gone after this. */
const KEPT_MS = 2000
/** Of the heap, from the second round to the last: code that is compiled late, and the like. */
const HEAP_GROWTH_BYTES = 1_000_000

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** @throws {AssertionError} when something is left. */
export async function soak({
  seed,
  clock = systemClock,
  pass = setTimeout,
  guestsPerRound = 300,
  isOver,
}: SoakRun): Promise<SoakRound[]> {
  const errors: string[] = []
  const log: Logger = {debug() {}, info() {}, warn() {}, error: (_fields, message) => void errors.push(message)}
  const limits = {port: 0, emptyRoomTtlMs: 500, closedLedgerSize: 100, heartbeatTimeoutMs: 45_000, maxMemoryMb: 100_000}
  const server = await createServer({server: limits, game: {seatHoldMs: 500}}, {clock, log})
  const descriptors = countDescriptors()
  const random = createRandom(seed)
  const rounds: SoakRound[] = []
  do {
    await serveGuests(server, guestsPerRound, random)
    await until(() => server.connectionCount === 0, 'connections stayed open')
    await pass(KEPT_MS)
    await until(() => countDescriptors() === descriptors, 'descriptors stayed open')
    expectNothingLeft(server)
    deepStrictEqual(errors, [])
    rounds.push({guests: guestsPerRound, heapBytes: await measureHeap(), descriptors})
  } while (!isOver(rounds))
  await server.close()
  const [, ...measured] = rounds.map(({heapBytes}) => heapBytes)
  const grownBytes = (measured.at(-1) ?? 0) - (measured[0] ?? 0)
  ok(grownBytes < HEAP_GROWTH_BYTES, `the heap has grown by ${grownBytes} bytes in ${measured.length} rounds`)
  return rounds
}

async function serveGuests(server: GameServer, count: number, random: () => number): Promise<void> {
  let left = count
  const serve = async () => {
    for (; left > 0; left -= 1) await new SoakGuest(server, createRandom(random())).live()
  }
  await Promise.all(Array.from({length: GUESTS_AT_ONCE}, serve))
}

function expectNothingLeft(server: GameServer): void {
  const {counters, rooms, users, unsentBytes} = server
  const closed = Object.values(counters.connectionsClosed).reduce((sum, count) => sum + count, 0)
  deepStrictEqual(
    {rooms: rooms.count, users: users.count, unsentBytes, open: counters.connectionsOpened - closed},
    {rooms: 0, users: 0, unsentBytes: 0, open: 0},
  )
  ok(server.closedConnections(Number.POSITIVE_INFINITY).length <= 100, 'the ledger is longer than its limit')
}

async function measureHeap(): Promise<number> {
  // What one collection frees may hold more: sockets let go of their memory a turn later.
  for (let round = 0; round < 4; round += 1) {
    collectGarbage()
    await new Promise(setImmediate)
  }
  const {heapUsed, external} = process.memoryUsage()
  return heapUsed + external
}

function countDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}
