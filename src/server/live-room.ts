import type {RoomOverview, RoomView} from '../contract/views.js'
import type {GameSession} from '../games/game-session.js'
import {Room} from '../rooms/room.js'
import {Channel} from './delivery/channel.js'
import type {Flusher} from './delivery/flusher.js'
import type {Member} from './member.js'

/** A room with the way to its members and its game. */
export class LiveRoom extends Room<Member> {
  readonly channel: Channel
  /** The game being played, or the one played last. */
  game: GameSession | null = null
  /** The game whose end was told last; differs from an ended `game` only while that end is being told. */
  endedGame: GameSession | null = null
  /** The game waits for the first of its players to come back: its timer stands still, and no seat is given up. */
  isGameAsleep = false
  /** Ends the game's timer. */
  stopGameTimer: () => void = () => {}
  /** Wall time of the last frame to the room, in milliseconds since the epoch. */
  lastActivityMs: number
  /** Messages of members that were accepted so far. */
  messageCount = 0
  /** Joins and leaves that wait to be summed up in one `members_changed`. */
  readonly unannounced = {joined: 0, left: 0}
  /** Monotonic time of the last `members_changed`. */
  announcedAtMs = Number.NEGATIVE_INFINITY

  constructor(id: number, createdAtMs: number, flusher: Flusher) {
    super(id, createdAtMs)
    this.lastActivityMs = createdAtMs
    this.channel = new Channel(this.members, flusher)
  }

  /** Name of the game being played, or null. */
  get playing(): string | null {
    return this.game?.phase === 'playing' ? this.game.definition.name : null
  }

  send(line: string, nowMs: number): void {
    this.lastActivityMs = nowMs
    this.channel.send(line)
  }

  view(): RoomView {
    const members = [...this.members.values()].map(({session, joinedAtMs}) => ({...session.info, joinedAtMs}))
    return {...this.overview(), members}
  }

  overview(): RoomOverview {
    const {game} = this
    return {
      roomId: this.id,
      userCount: this.members.size,
      createdAtMs: this.createdAtMs,
      lastActivityMs: this.lastActivityMs,
      messageCount: this.messageCount,
      game: game && {
        name: game.definition.name,
        phase: game.phase,
        players: game.players,
        startedAtMs: game.startedAtMs,
      },
    }
  }
}
