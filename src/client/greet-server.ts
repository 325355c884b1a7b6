import type {HelloMessage, ServerMessage, WelcomeFrame} from '../contract/messages.js'
import {GsError} from '../errors.js'
import {formatDuration} from '../units.js'
import type {ClientClock} from './client-clock.js'
import {ClientConnection, type ConnectionOptions} from './client-connection.js'
import type {ConnectionEnd} from './client-events.js'
import {toError} from './pending-requests.js'

export interface GreetingHandlers {
  /** Called before `outcome` resolves; what follows is held back for one turn, for listeners to be set up. */
  welcome(welcome: WelcomeFrame): void
  /** Every message after `welcome`. */
  frame(message: ServerMessage): void
  /** The connection, once welcomed, is gone. */
  lost(end: ConnectionEnd): void
}

export interface Greeting {
  readonly connection: ClientConnection
  /** Undefined once the server has said `welcome`, else why it did not. Never rejects. */
  readonly outcome: Promise<ConnectionEnd | undefined>
}

/** One attempt at a connection: connects, says hello, and waits for `welcome` at most `timeoutMs`. */
export function greetServer(
  options: {to: ConnectionOptions; hello: HelloMessage; timeoutMs: number; clock: ClientClock},
  handlers: GreetingHandlers,
): Greeting {
  const {promise: outcome, resolve} = Promise.withResolvers<ConnectionEnd | undefined>()
  let isWelcome = false
  const connection = new ClientConnection(options.to, {
    frame(message) {
      if (isWelcome) {
        handlers.frame(message)
      } else if (message.type === 'welcome') {
        isWelcome = true
        cancelTimeout()
        connection.holdForOneTurn()
        handlers.welcome(message)
        resolve(undefined)
      } else if (message.type === 'error') {
        resolve(endOfRefusal(toError(message)))
        connection.destroy()
      }
    },
    end(end) {
      cancelTimeout()
      if (isWelcome) handlers.lost(end)
      else resolve(end)
    },
  })
  const cancelTimeout = options.clock.after(options.timeoutMs, () => {
    const message = `${connection.address} did not welcome the client within ${formatDuration(options.timeoutMs)}`
    connection.destroy(new GsError('server_unreachable', message, {hint: 'Is it the game port of a gs server?'}))
  })
  connection.send(options.hello)
  return {connection, outcome}
}

/** An error in answer to the hello. Only one that may pass is worth another attempt. */
function endOfRefusal(error: GsError): ConnectionEnd {
  const mayPass = error.retryAfterMs !== undefined || error.code === 'server_busy' || error.code === 'plugin_failed'
  return {
    reason: mayPass ? 'connection_lost' : 'hello_refused',
    message: error.message,
    retryAfterMs: error.retryAfterMs,
    error,
  }
}
