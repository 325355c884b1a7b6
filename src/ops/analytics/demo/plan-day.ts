import type {CloseReason} from '../../../contract/codes.js'
import type {SeededRandom} from '../../../util/seeded-random.js'
import type {DemoUser} from './population.js'

/** What a user does, at a time in milliseconds since the epoch. */
export type DemoStep = {readonly atMs: number; readonly userId: number} & (
  | {readonly kind: 'connect'; readonly sessionId: string}
  | {readonly kind: 'join' | 'leave' | 'chat' | 'flood' | 'play'; readonly roomId: number}
  | {readonly kind: 'disconnect'; readonly sessionId: string; readonly reason: CloseReason}
)

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const MIN_SESSION_MS = 15_000
const MAX_SESSION_MS = 8 * 3_600_000
const WEEKEND = 1.45
/** Around the user's own hour, in hours. */
const HOUR_SPREAD = 1.6
/** Share of sessions at weekends that begin at any time of the day. */
const WEEKEND_DAYTIME = 0.4
const FLOOD_SHARE = 0.004
const PLAY_SHARE = 0.45
const REASONS: readonly (readonly [number, CloseReason])[] = [
  [0.92, 'client_closed'],
  [0.98, 'heartbeat_timeout'],
  [0.99, 'slow_consumer'],
  [1, 'read_error'],
]

/** What all users do who come on one day, in no order. It may go on into the next day. */
export class DayPlanner {
  readonly #random: SeededRandom
  readonly #startMs: number
  /** Nobody is connected twice; bounded by the users. */
  readonly #busyUntil = new Map<number, number>()

  constructor(random: SeededRandom, startMs: number) {
    this.#random = random
    this.#startMs = startMs
  }

  plan(users: readonly DemoUser[], day: number): DemoStep[] {
    const dayMs = this.#startMs + day * DAY_MS
    const isWeekend = [0, 6].includes(new Date(dayMs).getUTCDay())
    const steps: DemoStep[] = []
    for (const user of users) {
      if (!this.#comes(user, day, isWeekend)) continue
      const sessions = 1 + (this.#random.chance(0.45) ? 1 : 0) + (this.#random.chance(0.15) ? 1 : 0)
      for (let count = 0; count < sessions; count += 1) this.#addSession(steps, user, dayMs, isWeekend)
    }
    return steps
  }

  #comes({firstDay, eagerness, loyaltyDays}: DemoUser, day: number, isWeekend: boolean): boolean {
    if (day < firstDay) return false
    if (day === firstDay) return true
    const probability = eagerness * Math.exp(-(day - firstDay) / loyaltyDays)
    return this.#random.chance(Math.min(0.97, probability * (isWeekend ? WEEKEND : 1)))
  }

  #addSession(steps: DemoStep[], user: DemoUser, dayMs: number, isWeekend: boolean): void {
    const random = this.#random
    const {userId} = user
    const isDaytime = isWeekend && random.chance(WEEKEND_DAYTIME)
    const hour = isDaytime ? random.normal(14.5, 3.5) : random.normal(user.favoriteHour, HOUR_SPREAD)
    const startMs = Math.round(dayMs + (((hour % 24) + 24) % 24) * 60 * MINUTE_MS)
    const lengthMs = random.skewed(user.sessionMinutes * MINUTE_MS, 0.9)
    const endMs = startMs + Math.round(Math.min(MAX_SESSION_MS, Math.max(MIN_SESSION_MS, lengthMs)))
    if (startMs <= (this.#busyUntil.get(userId) ?? 0)) return
    this.#busyUntil.set(userId, endMs + 1)
    const sessionId = random.uuid()
    steps.push({kind: 'connect', atMs: startMs, userId, sessionId})
    this.#addVisits(steps, user, startMs, endMs)
    const draw = random.next()
    const [, reason] = REASONS.find(([limit]) => draw < limit) ?? [1, 'client_closed']
    steps.push({kind: 'disconnect', atMs: endMs, userId, sessionId, reason})
  }

  /** One room after the other. */
  #addVisits(steps: DemoStep[], user: DemoUser, startMs: number, endMs: number): void {
    const random = this.#random
    const {userId} = user
    const visits = 1 + random.below(2) + (random.chance(0.2) ? 1 : 0)
    let atMs = startMs + Math.round(random.wait(4_000))
    for (let visit = 1; visit <= visits && atMs < endMs; visit += 1) {
      const roomId = random.pick(user.favoriteRooms)
      const untilMs = visit === visits ? endMs : Math.min(endMs, atMs + Math.round((endMs - atMs) * random.next()))
      steps.push({kind: 'join', atMs, userId, roomId})
      this.#addMessages(steps, user, roomId, atMs, untilMs)
      if (untilMs === endMs) return
      steps.push({kind: 'leave', atMs: untilMs, userId, roomId})
      atMs = untilMs + 1 + Math.round(random.wait(3_000))
    }
  }

  #addMessages(steps: DemoStep[], user: DemoUser, roomId: number, fromMs: number, untilMs: number): void {
    const random = this.#random
    const {userId} = user
    const pauseMs = MINUTE_MS / user.messagesPerMinute
    if (random.chance(PLAY_SHARE)) {
      steps.push({kind: 'play', atMs: fromMs + Math.round((untilMs - fromMs) * random.next() * 0.5), userId, roomId})
    }
    for (let atMs = fromMs + random.wait(pauseMs); atMs < untilMs; atMs += random.wait(pauseMs)) {
      const kind = random.chance(FLOOD_SHARE) ? 'flood' : 'chat'
      steps.push({kind, atMs: Math.round(atMs), userId, roomId})
    }
  }
}
