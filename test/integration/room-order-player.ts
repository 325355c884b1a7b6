import type {ClientMessage} from '../../src/contract/messages.js'
import {type OrderFraming, OrderSession, type Sent} from './room-order-session.js'

/** Most messages of one connection that wait for their replies; enough to keep the server's queues full. */
const WINDOW = 200
const LONGEST_BURST = 40
/** Chats that end in this are refused where the server has a hook for it. */
export const REFUSED_MARK = ' please refuse'

export interface PlayerOptions {
  readonly port: number
  readonly userId: number
  readonly operations: number
  readonly roomIds: readonly number[]
  readonly framings: readonly OrderFraming[]
  /** The server refuses chats that carry the mark. */
  readonly hasRefusals: boolean
  readonly random: () => number
  readonly onFailure: (error: unknown) => void
}

/** A user who does what the dice say, over as many connections as it takes. */
export class OrderPlayer {
  readonly sessions: OrderSession[] = []
  readonly #options: PlayerOptions
  readonly #random: () => number
  /** Rooms the present session will be in when the server has handled everything that was sent. */
  readonly #inside = new Set<number>()
  #operation = 0

  constructor(options: PlayerOptions) {
    this.#options = options
    this.#random = options.random
    this.#connect()
  }

  get session(): OrderSession {
    return this.sessions[this.sessions.length - 1] as OrderSession
  }

  /** Does all operations; replies may still be under way then. */
  async run(): Promise<void> {
    while (this.#operation < this.#options.operations) {
      const burst = 1 + Math.floor(this.#random() ** 2 * LONGEST_BURST)
      for (let left = burst; left > 0 && this.#operation < this.#options.operations; left--) this.#operate()
      this.session.flush(this.#random())
      await new Promise(resolve => setImmediate(resolve))
      await this.session.until(WINDOW)
      if (this.#random() < 0.06) await this.#changeConnection()
    }
    // Perhaps a hello that was to go out with the next burst.
    this.session.flush(0)
  }

  /** Resolves when everything the server had for this client has arrived. */
  async settle(): Promise<void> {
    const {session} = this
    session.send({type: 'heartbeat', seq: this.#operation}, {seq: this.#operation, replies: ['heartbeat']})
    session.flush(0)
    await session.until(0)
  }

  #connect(): void {
    const {userId, framings, port, onFailure} = this.#options
    const framing = framings[Math.floor(this.#random() * framings.length)] ?? 'ndjson'
    const self = {userId, nickname: `${userId}.${this.sessions.length}`}
    this.sessions.push(new OrderSession({port, self, framing, onFailure}))
    this.#inside.clear()
  }

  async #changeConnection(): Promise<void> {
    const kind = this.#random()
    // Anything may be in the middle of anything: half a frame on the wire, a join that is not answered.
    if (kind < 0.35) this.session.cut(kind < 0.15)
    else if (kind < 0.55) await this.session.end()
    this.#connect()
  }

  #operate(): void {
    const number = this.#operation
    this.#operation += 1
    const id = `${this.#options.userId}:${number}`
    const kind = this.#random()
    const roomId = this.#pickRoom(kind < 0.7 ? 0.95 : 0)
    const isInside = this.#inside.has(roomId)
    if (kind < 0.58) this.#chat(roomId, id, number, isInside)
    else if (kind < 0.7) {
      const action = {id, isLast: this.#random() < 0.05}
      const replies = isInside ? ['ack', 'no_game', 'not_allowed'] : ['not_in_room']
      this.#send({type: 'game_action', roomId, action, seq: number}, {seq: number, replies, roomId, id})
    } else if (kind < 0.73) {
      const game = this.#random() < 0.5 ? 'relay' : 'peek'
      const replies = isInside ? ['ack', 'game_in_progress'] : ['not_in_room']
      this.#send({type: 'game_start', roomId, game, seq: number}, {seq: number, replies})
    } else if (kind < 0.75) {
      const replies = isInside ? ['ack', 'no_game', 'not_allowed'] : ['not_in_room']
      this.#send({type: 'game_end', roomId, seq: number}, {seq: number, replies})
    } else if (kind < 0.86) {
      this.#inside.add(roomId)
      const replies = [isInside ? 'already_in_room' : 'room_joined']
      this.#send({type: 'join_room', roomId, seq: number}, {seq: number, replies})
    } else if (kind < 0.94) {
      this.#inside.delete(roomId)
      const replies = [isInside ? 'room_left' : 'not_in_room']
      this.#send({type: 'leave_room', roomId, seq: number}, {seq: number, replies})
    } else if (kind < 0.985) {
      this.#send({type: 'heartbeat', seq: number}, {seq: number, replies: ['heartbeat']})
    } else this.#send({type: 'list_rooms', seq: number}, {seq: number, replies: ['room_list']})
  }

  #chat(roomId: number, id: string, number: number, isInside: boolean): void {
    const isRefused = this.#options.hasRefusals && this.#random() < 0.05
    const isSilent = isInside && !isRefused && this.#random() < 0.1
    const message = isRefused ? id + REFUSED_MARK : id
    const replies = [isRefused ? 'content_rejected' : isInside ? 'ack' : 'not_in_room']
    if (isSilent) this.#send({type: 'chat', roomId, message}, {seq: undefined, replies, roomId, id})
    else this.#send({type: 'chat', roomId, message, seq: number}, {seq: number, replies, roomId, id})
  }

  /** One the user is in with a probability of `share`, else any. */
  #pickRoom(share: number): number {
    const {roomIds} = this.#options
    const choice = this.#inside.size > 0 && this.#random() < share ? [...this.#inside] : roomIds
    return choice[Math.floor(this.#random() * choice.length)] ?? 1
  }

  #send(message: ClientMessage, sent: Sent): void {
    this.session.send(message, sent)
  }
}
