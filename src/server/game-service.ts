import type {Clock} from '../contract/clock.js'
import type {GameOutcomeKind} from '../contract/codes.js'
import type {Counters} from '../contract/counters.js'
import type {Logger} from '../contract/logger.js'
import type {GameStartMessage, HeldSeat, JsonValue} from '../contract/messages.js'
import type {RefusalInfo, SavedGame} from '../contract/plugins.js'
import {GsError, isWireCode} from '../errors.js'
import type {GameCatalog} from '../games/game-catalog.js'
import {GameSession, type GameStep} from '../games/game-session.js'
import {isRelay} from '../games/relay.js'
import type {HookRunner} from '../pipeline/hook-runner.js'
import {MAX_SERVER_FRAME_BYTES} from '../protocol/limits.js'
import type {FairClock} from './fair-clock.js'
import type {LiveRoom} from './live-room.js'
import {encodeLine, errorLine, refusal} from './replies.js'
import {SeatHolds} from './seat-holds.js'

export interface GameServiceOptions {
  readonly catalog: GameCatalog
  readonly clock: Clock
  readonly fairClock: FairClock
  readonly random: () => number
  readonly runner: HookRunner
  readonly counters: Counters
  readonly log: Logger
  readonly limits: {readonly seatHoldMs: number}
  /** Makes sure that `emitChanges` is called at the end of this turn. */
  readonly scheduleFlush: () => void
}

/** Runs the games of all rooms: turns what a game session decides into frames, events and timers. */
export class GameService {
  readonly #options: GameServiceOptions
  readonly #holds: SeatHolds
  /** Rooms in whose running game a user has a seat; bounded by the seats of running games. */
  readonly #seatedRooms = new Map<number, Set<LiveRoom>>()
  /** Rooms whose game changed in this turn. */
  #changed = new Set<LiveRoom>()

  constructor(options: GameServiceOptions) {
    this.#options = options
    this.#holds = new SeatHolds(options.limits)
  }

  /** A member starts a game; the starter gets the first seat, others theirs in the order of joining. */
  start(room: LiveRoom, starterId: number, {game: name, options}: GameStartMessage): RefusalInfo | null {
    const definition = this.#options.catalog.get(name)
    if (definition === undefined) {
      return refusal('game_not_found', `there is no such game; games are ${this.#options.catalog.names().join(', ')}`)
    }
    if (room.playing !== null) return refusal('game_in_progress', `${room.playing} is being played in this room`)
    const others = [...room.members.keys()].filter(userId => userId !== starterId)
    const players = [starterId, ...others].slice(0, definition.maxPlayers)
    if (players.length < definition.minPlayers) {
      return refusal('not_enough_players', `${name} needs ${definition.minPlayers} players, ${players.length} are here`)
    }
    const {random, clock, counters} = this.#options
    try {
      room.game = GameSession.start({definition, players, options, random, nowMs: clock.nowMs()})
    } catch (error) {
      return this.#toRefusal(error, room, name)
    }
    counters.gamesStarted += 1
    this.#begin(room, room.game)
    this.#sendViews(room, view => {
      return `{"type":"game_started","roomId":${room.id},"game":"${name}","players":[${players}],"state":${view}}\n`
    })
    this.#options.runner.emit('gameStarted', {roomId: room.id, game: name, players})
    this.#noteChange(room)
    this.#finishIfEnded(room)
    return null
  }

  act(room: LiveRoom, userId: number, action: JsonValue): RefusalInfo | null {
    const {game} = room
    if (game === null || game.phase === 'ended') return refusal('no_game', 'no game is being played in this room')
    const {clock, random} = this.#options
    if (isRelay(game.definition)) return this.#passOn(room, userId, action)
    return this.#apply(room, userId, game.act({userId, action, nowMs: clock.nowMs(), random}))
  }

  /** A member ends a relay; games with rules end themselves. */
  end(room: LiveRoom, winner: number | null): RefusalInfo | null {
    const {game} = room
    if (game === null || game.phase === 'ended') return refusal('no_game', 'no game is being played in this room')
    if (!isRelay(game.definition)) {
      return refusal('not_allowed', `${game.definition.name} has rules and ends by them`)
    }
    const step = game.end({outcome: 'finished', winner})
    if (step.kind === 'refused') return refusal('bad_message', 'winner must be one of the players')
    this.#finishIfEnded(room)
    return null
  }

  /** The room's game as `userId` sees it, as JSON. */
  infoJson(room: LiveRoom, userId: number): string {
    const {game} = room
    if (game === null) return 'null'
    const {definition, phase, players} = game
    return `{"name":"${definition.name}","phase":"${phase}","players":[${players}],"state":${game.viewFor(userId)}}`
  }

  /** Seats that the user can go back to. */
  heldSeats(userId: number): HeldSeat[] {
    const seats: HeldSeat[] = []
    for (const room of this.#seatedRooms.get(userId) ?? []) {
      const seat = room.game?.seatOf(userId)
      if (room.game !== null && seat !== undefined) seats.push({roomId: room.id, game: room.game.definition.name, seat})
    }
    return seats
  }

  /** The user is back in the room. */
  reclaimSeat(room: LiveRoom, userId: number): void {
    this.#holds.release(room, userId)
    if (room.isGameAsleep && room.game?.isSeated(userId)) this.#wake(room, room.game)
  }

  /** The user's connection was lost: the seat waits. */
  holdSeat(room: LiveRoom, userId: number): void {
    if (room.playing !== null && room.game?.isSeated(userId)) {
      this.#holds.add(room, userId, this.#options.fairClock.nowMs())
    }
  }

  /** The user left for good. */
  giveUpSeat(room: LiveRoom, userId: number): void {
    this.#holds.release(room, userId)
    if (room.playing === null || !room.game?.isSeated(userId)) return
    const {clock, random} = this.#options
    const step = room.game.leave({userId, nowMs: clock.nowMs(), random})
    this.#forgetSeat(room, userId)
    // Who is seated is part of what is saved, also when the state stays the same.
    this.#noteChange(room)
    this.#apply(room, userId, step)
  }

  /** True while the room's game waits for somebody to come back. */
  isAwaiting(room: LiveRoom): boolean {
    return room.playing !== null && this.#holds.isAwaited(room, room.game?.players ?? [])
  }

  /** The room is about to close, and the game may be taken up again later: it is not ended, and nobody is told. */
  park(room: LiveRoom): void {
    if (this.#changed.delete(room)) this.#emitChange(room)
    room.stopGameTimer()
    if (room.game !== null) this.#forgetSeats(room, room.game)
  }

  /** Ends the room's game, if one is being played. */
  stop(room: LiveRoom, outcome: GameOutcomeKind): void {
    if (room.playing === null) return
    room.game?.end({outcome, winner: null})
    this.#finishIfEnded(room)
  }

  /** Takes up a saved game in a new room, where it sleeps until one of its players is there. */
  restore(room: LiveRoom, saved: SavedGame): void {
    const {catalog, log, runner} = this.#options
    const definition = catalog.get(saved.game)
    if (definition === undefined) {
      log.warn({roomId: room.id, game: saved.game}, 'a saved game was left out: there is no such game')
      return
    }
    try {
      room.game = GameSession.restore({definition, saved})
    } catch (error) {
      log.error({roomId: room.id, game: saved.game, err: error}, 'a saved game could not be taken up')
      return
    }
    if (room.playing === null) return
    this.#seat(room, room.game)
    room.isGameAsleep = true
    runner.emit('gameRestored', {roomId: room.id, game: saved.game, players: room.game.players})
  }

  /** Gives up the seats that waited long enough. */
  sweep(): void {
    const {fairClock, runner} = this.#options
    for (const {room, userId} of this.#holds.takeExpired(fairClock.nowMs())) {
      if (room.members.size === 0 && runner.keepsGames) this.#putToSleep(room)
      else this.giveUpSeat(room, userId)
    }
  }

  /** Stops the timers of all games. */
  close(): void {
    for (const rooms of this.#seatedRooms.values()) for (const room of rooms) room.stopGameTimer()
  }

  /** Reports the games that changed in this turn, each once. */
  emitChanges(): void {
    if (this.#changed.size === 0) return
    const changed = this.#changed
    this.#changed = new Set()
    for (const room of changed) this.#emitChange(room)
  }

  #emitChange(room: LiveRoom): void {
    // One that has ended since was reported by its end.
    if (room.game === null || room.playing === null) return
    this.#options.runner.emit('gameChanged', {roomId: room.id, saved: room.game.saved()})
  }

  #passOn(room: LiveRoom, userId: number, action: JsonValue): RefusalInfo | null {
    const nowMs = this.#options.clock.nowMs()
    const line = encodeLine({type: 'game_action', roomId: room.id, userId, action, timestamp: nowMs})
    // Numbers can grow when they are written out, so the limit on what came in does not bound what goes out.
    if (line.length > MAX_SERVER_FRAME_BYTES / 3 && Buffer.byteLength(line) > MAX_SERVER_FRAME_BYTES) {
      return refusal('message_too_large', `action must be at most ${MAX_SERVER_FRAME_BYTES} bytes when passed on`)
    }
    room.send(line, nowMs)
    return null
  }

  /** Sends what came of a step. `userId`: who caused it; null: the server. */
  #apply(room: LiveRoom, userId: number | null, step: GameStep): RefusalInfo | null {
    switch (step.kind) {
      case 'refused':
        return this.#toRefusal(step.error, room, room.game?.definition.name ?? '')
      case 'failed':
        this.#reportFailure(room, step.error)
        break
      case 'changed':
        this.#sendViews(room, view => {
          return `{"type":"game_state","roomId":${room.id},"userId":${userId},"state":${view}}\n`
        })
        this.#noteChange(room)
    }
    this.#finishIfEnded(room)
    return null
  }

  /** Sends the room a frame with the game's state in it: the same to all, or to each the own view. */
  #sendViews(room: LiveRoom, lineWith: (viewJson: string) => string): void {
    const {game} = room
    if (game === null) return
    const shared = lineWith(game.sharedView())
    if (!game.hasOwnViews) {
      room.send(shared, this.#options.clock.nowMs())
      return
    }
    room.lastActivityMs = this.#options.clock.nowMs()
    room.channel.sendEach(userId => (game.isSeated(userId) ? lineWith(game.viewFor(userId)) : shared))
  }

  #begin(room: LiveRoom, game: GameSession): void {
    this.#seat(room, game)
    room.isGameAsleep = false
    this.#startTimer(room, game)
  }

  #seat(room: LiveRoom, game: GameSession): void {
    for (const userId of game.players) {
      if (!game.isSeated(userId)) continue
      const rooms = this.#seatedRooms.get(userId) ?? new Set()
      this.#seatedRooms.set(userId, rooms.add(room))
    }
  }

  /** The first player is back; the others' seats are held from now on. */
  #wake(room: LiveRoom, game: GameSession): void {
    room.isGameAsleep = false
    const nowMs = this.#options.fairClock.nowMs()
    for (const userId of game.players) {
      if (game.isSeated(userId) && !room.members.has(userId)) this.#holds.add(room, userId, nowMs)
    }
    this.#startTimer(room, game)
  }

  #putToSleep(room: LiveRoom): void {
    room.stopGameTimer()
    room.isGameAsleep = true
    for (const userId of room.game?.players ?? []) this.#holds.release(room, userId)
  }

  #startTimer(room: LiveRoom, game: GameSession): void {
    const {timerMs} = game.definition
    if (timerMs === undefined) return
    room.stopGameTimer = this.#options.clock.every(timerMs, () => {
      const {clock, random} = this.#options
      if (room.playing !== null) this.#apply(room, null, game.tick({nowMs: clock.nowMs(), random}))
    })
  }

  #finishIfEnded(room: LiveRoom): void {
    const {game} = room
    if (game?.result === undefined || !this.#forgetSeats(room, game)) return
    room.stopGameTimer()
    const {clock, runner} = this.#options
    const nowMs = clock.nowMs()
    const durationMs = Math.max(0, nowMs - game.startedAtMs)
    const ended = {roomId: room.id, game: game.definition.name, ...game.result, durationMs}
    room.send(encodeLine({type: 'game_ended', ...ended}), nowMs)
    runner.emit('gameEnded', {...ended, players: game.players})
  }

  /** False: they were forgotten before, so the end has been told. */
  #forgetSeats(room: LiveRoom, game: GameSession): boolean {
    if (room.endedGame === game) return false
    room.endedGame = game
    for (const userId of game.players) {
      this.#forgetSeat(room, userId)
      this.#holds.release(room, userId)
    }
    return true
  }

  #forgetSeat(room: LiveRoom, userId: number): void {
    const rooms = this.#seatedRooms.get(userId)
    rooms?.delete(room)
    if (rooms?.size === 0) this.#seatedRooms.delete(userId)
  }

  #noteChange(room: LiveRoom): void {
    if (!this.#options.runner.isHeard('gameChanged')) return
    this.#changed.add(room)
    this.#options.scheduleFlush()
  }

  #reportFailure(room: LiveRoom, error: GsError): void {
    this.#logFailure(room, room.game?.definition.name ?? '', error)
    const failed = refusal('game_failed', error.message)
    room.send(errorLine(failed, {seq: undefined, messageType: undefined, roomId: room.id}), this.#options.clock.nowMs())
  }

  #toRefusal(error: unknown, room: LiveRoom, game: string): RefusalInfo {
    if (!GsError.is(error) || !isWireCode(error.code)) throw error
    if (error.code === 'game_failed') this.#logFailure(room, game, error)
    return refusal(error.code, error.message)
  }

  #logFailure(room: LiveRoom, game: string, error: GsError): void {
    this.#options.log.error({roomId: room.id, game, err: error.cause ?? error}, 'a game failed')
  }
}
