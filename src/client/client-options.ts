import type {Framing} from '../protocol/frame-reader.js'
import type {ClientClock} from './client-clock.js'
import type {ListenerFailed} from './listeners.js'
import type {ReconnectOptions} from './reconnect-policy.js'

export interface GsClientOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  readonly port: number
  /** Left out: a guest, with an id of the server's choice, which a reconnect keeps. */
  readonly userId?: number
  /** 1 to 32 characters. */
  readonly nickname?: string
  /** A JWT, for servers that ask for one. */
  readonly token?: string
  /** Default `ndjson`. */
  readonly framing?: Framing
  /** Default true: lost connections are made again. The first one is not tried twice. */
  readonly reconnect?: boolean | ReconnectOptions
  /** From the first packet to `welcome`, in milliseconds. Default 5 000. */
  readonly connectTimeoutMs?: number
  /** How long a request waits for its reply, in milliseconds. Default 10 000. */
  readonly requestTimeoutMs?: number
  /** Most bytes that may wait to be sent. Default 4 MiB. */
  readonly maxUnsentBytes?: number
  /** For the jitter of reconnects: a number in [0, 1). */
  readonly random?: () => number
  readonly clock?: ClientClock
  /** Told what listeners throw. Default: a process warning. */
  readonly onListenerError?: ListenerFailed
}
