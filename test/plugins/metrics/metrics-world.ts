import type {ConfigInput} from '../../../src/config/schema.js'
import type {MetricsApi} from '../../../src/contract/metrics.js'
import {createTestServer} from '../../../src/ops/create-test-server.js'
import type {GameServer} from '../../../src/server/game-server.js'
import {ManualClock} from '../../helpers/manual-clock.js'
import {RawClient} from '../../helpers/raw-client.js'

/** A server with the metrics plugin, in a time of its own. */
export interface MetricsWorld extends AsyncDisposable {
  readonly server: GameServer
  readonly metrics: MetricsApi
  readonly clock: ManualClock
  readonly port: number
  /** A welcomed user in these rooms. */
  user(userId: number, ...rooms: number[]): Promise<RawClient>
  /** Sends chat messages to a room, and returns when the server has handled them. */
  chat(user: RawClient, roomId: number, count: number): Promise<void>
}

export async function metricsWorld({plugins = [], ...config}: ConfigInput = {}): Promise<MetricsWorld> {
  const clock = new ManualClock()
  const world = await createTestServer({...config, plugins: ['metrics', ...plugins]}, {clock})
  const {server, port} = world
  return {
    server,
    metrics: server.pluginApi('metrics'),
    clock,
    port,
    async user(userId, ...rooms) {
      const user = await RawClient.login(port, userId)
      for (const roomId of rooms) {
        user.send({type: 'join_room', roomId})
        await user.take('room_joined')
      }
      return user
    },
    async chat(user, roomId, count) {
      for (let seq = 0; seq < count; seq += 1) user.send({type: 'chat', roomId, message: 'hi', seq})
      for (let seq = 0; seq < count; seq += 1) await user.take('ack')
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}
