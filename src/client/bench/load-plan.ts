import type {Framing} from '../../protocol/frame-reader.js'

/** What a load is made of. */
export interface LoadPlan {
  readonly host: string
  readonly port: number
  /** Spread evenly over the rooms; at least one for each. */
  readonly clients: number
  readonly rooms: number
  /** Clients of each room that send; the others only receive. */
  readonly publishers: number
  readonly pace: Pace
  /** Length of each chat message, in bytes; at least `MIN_PAYLOAD_BYTES`. */
  readonly payloadBytes: number
  readonly framing: Framing
  /** Threads that make the load. */
  readonly workers: number
  /** How long one client may take to be welcomed and to join. */
  readonly connectTimeoutMs: number
}

/**
 * `window`: each publisher keeps that many messages on their way, and sends the next when one has come back. `rate`: that
 * many messages a second from all publishers together, whatever comes back.
 */
export type Pace =
  | {readonly kind: 'window'; readonly messages: number}
  | {readonly kind: 'rate'; readonly messagesPerSecond: number}

/** One client of the load. */
export interface LoadClient {
  /** From 0, over all threads. */
  readonly index: number
  readonly userId: number
  readonly roomId: number
  readonly isPublisher: boolean
}

/** Users are told from real ones by their ids: these are above all guests. */
export const FIRST_USER_ID = 4_000_000_000
/** The top of what the security plugin lets through, away from the rooms that people number from 1. */
const LAST_ROOM_ID = 1_000_000
export const MAX_ROOMS = 10_000
export const MAX_CLIENTS = 1_000_000

/** The clients that thread `worker` of the plan plays, from 0. */
export function clientsOf({clients, rooms, publishers, workers}: LoadPlan, worker: number): LoadClient[] {
  const firstRoomId = LAST_ROOM_ID - rooms + 1
  const mine: LoadClient[] = []
  for (let index = worker; index < clients; index += workers) {
    mine.push({
      index,
      userId: FIRST_USER_ID + index,
      roomId: firstRoomId + (index % rooms),
      isPublisher: Math.floor(index / rooms) < publishers,
    })
  }
  return mine
}
