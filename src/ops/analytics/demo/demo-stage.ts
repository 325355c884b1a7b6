import type {CloseReason} from '../../../contract/codes.js'
import type {MessageRecord} from '../../../contract/plugins.js'
import type {Recorder} from '../../../plugins/analytics/recorder.js'
import type {SeededRandom} from '../../../util/seeded-random.js'
import type {DemoClock} from './demo-clock.js'
import type {DemoStep} from './plan-day.js'

const MINUTE_MS = 60_000
const GAMES = ['tictactoe', 'relay'] as const
const PLAYERS = 2
const ABANDONED_SHARE = 0.08
const WINNER_SHARE = 0.85

interface RunningGame {
  readonly roomId: number
  readonly game: string
  readonly players: readonly number[]
  readonly startedMs: number
  readonly endMs: number
}

/** Who is where, as a server would have it, and tells a recorder what they do. */
export class DemoStage {
  readonly #recorder: Recorder
  readonly #clock: DemoClock
  readonly #random: SeededRandom
  readonly #sessions = new Map<number, {sessionId: string; startedMs: number}>()
  /** By room: since when each member is there. */
  readonly #rooms = new Map<number, Map<number, number>>()
  /** By room, one at a time. */
  readonly #games = new Map<number, RunningGame>()
  /** Who has come at all; bounded by the population. */
  readonly users = new Set<number>()
  messages = 0
  games = 0

  constructor(options: {recorder: Recorder; clock: DemoClock; random: SeededRandom}) {
    this.#recorder = options.recorder
    this.#clock = options.clock
    this.#random = options.random
  }

  play(step: DemoStep): void {
    this.#clock.set(step.atMs)
    switch (step.kind) {
      case 'connect':
        this.#connect(step.userId, step.sessionId)
        break
      case 'disconnect':
        this.#disconnect(step.userId, step.reason)
        break
      case 'join':
        this.#join(step.userId, step.roomId)
        break
      case 'leave':
        this.#leave(step.userId, step.roomId)
        break
      case 'play':
        this.#startGame(step.roomId)
        break
      default:
        if (this.#rooms.get(step.roomId)?.has(step.userId)) this.#send(step, 'chat', step.kind === 'flood')
    }
  }

  /** Ends games whose time has come. */
  endGames(nowMs: number): void {
    for (const game of this.#games.values()) if (game.endMs <= nowMs) this.#endGame(game)
  }

  /** Everybody goes. */
  close(): void {
    for (const userId of [...this.#sessions.keys()]) this.#disconnect(userId, 'server_shutdown')
  }

  #connect(userId: number, sessionId: string): void {
    this.users.add(userId)
    this.#sessions.set(userId, {sessionId, startedMs: this.#clock.nowMs()})
    this.#recorder.userConnected({connectionId: 0, userId, sessionId, address: '127.0.0.1', isGuest: false})
  }

  #disconnect(userId: number, reason: CloseReason): void {
    const session = this.#sessions.get(userId)
    if (session === undefined) return
    for (const [roomId, members] of this.#rooms) if (members.has(userId)) this.#goOut(userId, roomId)
    this.#sessions.delete(userId)
    const {sessionId, startedMs} = session
    this.#recorder.userDisconnected({userId, sessionId, reason, durationMs: this.#clock.nowMs() - startedMs})
  }

  #join(userId: number, roomId: number): void {
    let members = this.#rooms.get(roomId)
    if (members?.has(userId)) return
    if (members === undefined) {
      members = new Map()
      this.#rooms.set(roomId, members)
      this.#recorder.roomCreated({roomId, creatorId: userId})
    }
    members.set(userId, this.#clock.nowMs())
    this.#recorder.roomJoined({roomId, userId, userCount: members.size})
    this.#send({userId, roomId, atMs: this.#clock.nowMs()}, 'join_room')
  }

  #leave(userId: number, roomId: number): void {
    if (!this.#rooms.get(roomId)?.has(userId)) return
    this.#send({userId, roomId, atMs: this.#clock.nowMs()}, 'leave_room')
    this.#goOut(userId, roomId)
  }

  #goOut(userId: number, roomId: number): void {
    const members = this.#rooms.get(roomId)
    const joinedMs = members?.get(userId) ?? this.#clock.nowMs()
    members?.delete(userId)
    const durationMs = this.#clock.nowMs() - joinedMs
    this.#recorder.roomLeft({roomId, userId, userCount: members?.size ?? 0, durationMs})
    if (members?.size === 0) this.#rooms.delete(roomId)
  }

  #startGame(roomId: number): void {
    const members = [...(this.#rooms.get(roomId)?.keys() ?? [])]
    if (members.length < PLAYERS || this.#games.has(roomId)) return
    const first = this.#random.below(members.length)
    const second = (first + 1 + this.#random.below(members.length - 1)) % members.length
    const players = [first, second].map(index => members[index] ?? 0)
    const game = this.#random.pick(GAMES)
    const startedMs = this.#clock.nowMs()
    const endMs = startedMs + Math.round(this.#random.skewed(5 * MINUTE_MS, 0.5))
    this.#games.set(roomId, {roomId, game, players, startedMs, endMs})
    this.games += 1
    this.#recorder.gameStarted({roomId, game, players})
  }

  #endGame({roomId, game, players, startedMs}: RunningGame): void {
    const isAbandoned = this.#random.chance(ABANDONED_SHARE)
    const winner = !isAbandoned && this.#random.chance(WINNER_SHARE) ? this.#random.pick(players) : null
    this.#games.delete(roomId)
    const durationMs = this.#clock.nowMs() - startedMs
    const outcome = isAbandoned ? 'abandoned' : 'finished'
    this.#recorder.gameEnded({roomId, game, players, outcome, winner, durationMs})
  }

  #send(
    {userId, roomId, atMs}: {userId: number; roomId: number; atMs: number},
    type: 'chat' | 'join_room' | 'leave_room',
    isRefused = false,
  ): void {
    const message = type === 'chat' ? {type, roomId, message: ''} : {type, roomId}
    const error = isRefused
      ? {code: 'rate_limited', message: 'too many messages', rule: 'rate', retryAfterMs: 1000, suppressed: undefined}
      : null
    const from = {
      userId,
      nickname: undefined,
      address: '127.0.0.1',
      sizeBytes: 64,
      readId: 0,
      readAtMs: atMs,
      readMonotonicMs: 0,
    }
    this.#recorder.afterMessage({...from, message, error, durationMs: 0, hooks: null} as MessageRecord)
    this.messages += isRefused ? 0 : 1
  }
}
