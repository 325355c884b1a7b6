import type {GameServer} from '../../src/server/game-server.js'
import {RawClient} from '../helpers/raw-client.js'

/** So few that guests meet in them, and take one another's place. */
const USERS = 60
const ROOMS = 8
const MOST_ACTS = 12

/** One visit to a server, from the connect to one of many ends, as the dice say. */
export class SoakGuest {
  readonly #server: GameServer
  readonly #random: () => number

  constructor(server: GameServer, random: () => number) {
    this.#server = server
    this.#random = random
  }

  async live(): Promise<void> {
    const framing = this.#chance(0.5) ? 'ndjson' : 'length-prefixed'
    await using client = await RawClient.connect(this.#server.address.port, {framing})
    const userId = this.#upTo(USERS)
    if (this.#chance(0.9)) {
      client.send({type: 'hello', userId})
      for (let left = this.#upTo(MOST_ACTS); left > 0 && !client.isClosed; left -= 1) this.#act(client)
      await this.#heard(client)
    }
    this.#leave(client, userId)
    await client.closed
  }

  #act(client: RawClient): void {
    const roomId = this.#upTo(ROOMS)
    this.#choose([
      () => client.send({type: 'join_room', roomId}),
      () => client.send({type: 'join_room', roomId}),
      () => client.send({type: 'leave_room', roomId}),
      () => client.send({type: 'chat', roomId, message: 'x'.repeat(this.#upTo(900))}),
      () => client.send({type: 'game_start', roomId, game: this.#chance(0.5) ? 'relay' : 'tictactoe'}),
      () => client.send({type: 'game_action', roomId, action: {cell: this.#upTo(9) - 1}}),
      () => client.send({type: 'game_end', roomId}),
      () => client.send({type: 'list_rooms', limit: 100}),
      () => client.write(client.encode('{"type":"chat","roomId":')),
      () => client.write(client.encode('x'.repeat(5000))),
    ])
  }

  /** Waits until the server has heard everything, or ended it. */
  async #heard(client: RawClient): Promise<void> {
    client.send({type: 'heartbeat', seq: 1})
    await client.until(() => client.isClosed || client.frames.some(({type, seq}) => type === 'heartbeat' && seq === 1))
  }

  /** Whoever is not ended by the server for its last words, or gone already, goes by itself. */
  #leave(client: RawClient, userId: number): void {
    const {socket} = client
    this.#choose([
      () => {},
      () => void socket.destroy(),
      () => void socket.resetAndDestroy(),
      () => client.write('{"type":"ch'),
      () => client.write('{\n'.repeat(20)),
      () => client.write(Buffer.alloc(140_000, '{')),
      // It may be somebody else by now.
      () => void this.#server.users.kick(userId),
    ])
    if (!socket.destroyed) socket.end()
  }

  #choose(options: readonly (() => void)[]): void {
    options[this.#upTo(options.length) - 1]?.()
  }

  #upTo(most: number): number {
    return 1 + Math.floor(this.#random() * most)
  }

  #chance(share: number): boolean {
    return this.#random() < share
  }
}
