import type {GsClientOptions} from '../client/client-options.js'
import {GsClient} from '../client/game-client.js'
import type {ConfigInput} from '../config/schema.js'
import type {Logger} from '../contract/logger.js'
import type {GameServer} from '../server/game-server.js'
import {createServer, type ServerSurroundings} from './create-server.js'

/** A server for one test, and clients to it. */
export interface TestServer extends AsyncDisposable {
  readonly server: GameServer
  readonly port: number
  /** A connected client, closed with the server. It does not reconnect unless asked to. */
  connect(options?: Omit<GsClientOptions, 'port'>): Promise<GsClient>
  close(): Promise<void>
}

const SILENCE: Logger = {debug() {}, info() {}, warn() {}, error() {}}

/**
 * Starts a server on a free port of the loopback address, without a log. With `await using` it ends with the scope.
 *
 * @throws {GsError} as `createServer`.
 */
export async function createTestServer(
  options: ConfigInput = {},
  surroundings: ServerSurroundings = {},
): Promise<TestServer> {
  const server = await createServer({...options, server: {port: 0, ...options.server}}, {log: SILENCE, ...surroundings})
  const clients: GsClient[] = []
  const close = async () => {
    await Promise.all(clients.map(client => client.close()))
    await server.close()
  }
  return {
    server,
    port: server.address.port,
    async connect(clientOptions = {}) {
      const client = await GsClient.connect({reconnect: false, ...clientOptions, port: server.address.port})
      clients.push(client)
      return client
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
