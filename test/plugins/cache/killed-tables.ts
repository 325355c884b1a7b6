import {GsClient} from '../../../src/client/game-client.js'
import type {JsonValue} from '../../../src/contract/messages.js'

/** What a saved game may be behind. */
const BEHIND_MS = 1000

/** A game that is always played in the same way. */
export interface Script {
  readonly game: string
  readonly roomId: number
  /** In seat order; they move by turns. */
  readonly users: readonly [number, number]
  readonly actions: readonly JsonValue[]
  readonly winner: number
  /** How many actions led to a state, as the winner's opponent sees it. */
  progressOf(state: JsonValue): number
  /** Throws when a user, or an onlooker, sees what is not for them. */
  checkView?(state: JsonValue, userId: number | null): void
}

/** Actions done in the game that is played; null: none is. */
type Progress = number | null

/** One room whose two players play a script again and again, over any number of servers, and note what they know. */
export class KilledTable {
  readonly script: Script
  finished = 0
  /** How old the oldest state was that a restart came back to, in milliseconds. */
  worstBehindMs = 0
  #players: GsClient[] = []
  #progress: Progress = null
  /** States as the players were told of them, oldest first. */
  #history: {readonly atMs: number; readonly progress: Progress}[] = [{atMs: Number.NEGATIVE_INFINITY, progress: null}]
  /** What the server may have done without the players knowing. */
  #candidate: Progress | undefined

  constructor(script: Script) {
    this.script = script
  }

  /** Both players come, and find what is not too old. */
  async enter(port: number, killedAtMs: number): Promise<void> {
    const {roomId, users, game: name} = this.script
    const found: Progress[] = []
    this.#players = []
    for (const [seat, userId] of users.entries()) {
      const player = await GsClient.connect({port, userId, reconnect: false})
      const {game} = await player.joinRoom(roomId)
      const isPlaying = game !== null && game.phase === 'playing'
      if (isPlaying) this.script.checkView?.(game.state, userId)
      found.push(isPlaying ? this.script.progressOf(game.state) : null)
      const expected = isPlaying ? [{roomId, game: name, seat}] : []
      if (JSON.stringify(player.welcome.games) !== JSON.stringify(expected)) {
        throw new Error(
          `${name}: user ${userId} was told ${JSON.stringify(player.welcome.games)}, not ${JSON.stringify(expected)}`,
        )
      }
      this.#players.push(player)
    }
    if (found[0] !== found[1]) throw new Error(`${name}: the players found ${found.join(' and ')}`)
    this.#accept(found[0] as Progress, killedAtMs)
  }

  /** What somebody without a seat sees. */
  async watch(port: number, userId: number): Promise<void> {
    const onlooker = await GsClient.connect({port, userId, reconnect: false})
    const {game} = await onlooker.joinRoom(this.script.roomId)
    if (game !== null && game.phase === 'playing') this.script.checkView?.(game.state, null)
    await onlooker.close()
  }

  /** One action, or the start of the next game. */
  async step(): Promise<void> {
    const {roomId, game, actions} = this.script
    if (this.#progress === null) {
      this.#candidate = 0
      await (this.#players[0] as GsClient).startGame(roomId, game)
      this.#note(0)
      return
    }
    const done: number = this.#progress
    const isLast = done + 1 === actions.length
    const ended = isLast ? this.#end() : undefined
    this.#candidate = isLast ? null : done + 1
    await (this.#players[done % 2] as GsClient).act(roomId, actions[done] as JsonValue)
    const winner = await ended
    this.#note(isLast ? null : done + 1)
    if (!isLast) return
    if (winner !== this.script.winner) throw new Error(`${game} was won by ${winner}, not by ${this.script.winner}`)
    this.finished += 1
  }

  #end(): Promise<number | null> {
    return new Promise(resolve => {
      const stop = this.#players[0]?.on('game_ended', ({winner}) => {
        ;(stop as () => void)()
        resolve(winner)
      })
    })
  }

  #note(progress: Progress): void {
    this.#progress = progress
    this.#history.push({atMs: performance.now(), progress})
    this.#candidate = undefined
  }

  #accept(found: Progress, killedAtMs: number): void {
    const history = this.#history
    const first = history.findLastIndex(({atMs}) => atMs <= killedAtMs - BEHIND_MS)
    const allowed = history.slice(Math.max(0, first)).map(({progress}) => progress)
    if (this.#candidate !== undefined) allowed.push(this.#candidate)
    if (!allowed.includes(found)) {
      throw new Error(`${this.script.game}: found ${found} after the kill, where ${allowed.join(', ')} was possible`)
    }
    const index = history.findLastIndex(({progress}) => progress === found)
    const next = history[index + 1]
    if (found !== this.#candidate && next !== undefined) {
      this.worstBehindMs = Math.max(this.worstBehindMs, killedAtMs - next.atMs)
    }
    this.#candidate = undefined
    this.#progress = found
    this.#history = [{atMs: Number.NEGATIVE_INFINITY, progress: found}]
  }
}
