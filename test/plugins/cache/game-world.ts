import {onTestFinished} from 'vitest'
import type {GsClient} from '../../../src/client/game-client.js'
import type {ConfigInput} from '../../../src/config/schema.js'
import type {ServerMessage} from '../../../src/contract/messages.js'
import {defineGame} from '../../../src/games/define-game.js'
import {createTestServer} from '../../../src/ops/create-test-server.js'
import type {GameServer} from '../../../src/server/game-server.js'
import {ManualClock} from '../../helpers/manual-clock.js'
import {until} from '../../helpers/until.js'

/** Cards that only their owners see. */
export const cards = defineGame({
  name: 'cards',
  minPlayers: 2,
  maxPlayers: 2,
  setup: ({players}) => ({players: [...players], drawn: 0, secret: 'of the server'}),
  onAction: state => ({...state, drawn: state.drawn + 1}),
  onLeave: state => state,
  outcome: () => undefined,
  view: ({drawn}, userId) => ({drawn, hand: userId === null ? 'hidden' : `of ${userId}`}),
})

export interface GameWorld {
  readonly server: GameServer
  readonly clock: ManualClock
  /** What was logged at info and above. */
  readonly logged: string[]
  connect(userId: number): Promise<GsClient>
  /** A client in the room. */
  enter(userId: number, roomId?: number): Promise<GsClient>
  /** Breaks connections off, and waits until the server knows. */
  lose(...clients: GsClient[]): Promise<void>
  /** Moves the clock until the room is closed. */
  closeRoom(roomId?: number): void
  /** Stops the server. */
  stop(): Promise<void>
}

/** A server with the cache in a time of its own. */
export async function gameWorld(options: ConfigInput = {}, clock = new ManualClock()): Promise<GameWorld> {
  const logged: string[] = []
  const note = (_: object, message: string) => void logged.push(message)
  const log = {debug() {}, info: note, warn: note, error: note}
  const world = await createTestServer({plugins: ['cache'], games: [cards], ...options}, {clock, log})
  const {server} = world
  let isOver = false
  const stop = async () => {
    if (!isOver) await world.close()
    isOver = true
  }
  onTestFinished(stop)
  const connect = (userId: number) => world.connect({userId})
  return {
    server,
    clock,
    logged,
    connect,
    async enter(userId, roomId = 1) {
      const client = await connect(userId)
      await client.joinRoom(roomId)
      return client
    },
    async lose(...clients) {
      for (const client of clients) {
        const {userId} = client
        await client.close()
        await until(() => server.users.get(userId) === undefined, `user ${userId} to be gone`)
      }
    },
    closeRoom(roomId = 1) {
      clock.advance(61_000)
      if (server.rooms.get(roomId) !== undefined) throw new Error(`room ${roomId} is still open`)
    },
    stop,
  }
}

/** Resolves to the next `game_ended` that the client is sent. */
export function gameEnd(client: GsClient): Promise<ServerMessage> {
  const {promise, resolve} = Promise.withResolvers<ServerMessage>()
  client.on('message', message => {
    if (message.type === 'game_ended') resolve(message)
  })
  return promise
}
