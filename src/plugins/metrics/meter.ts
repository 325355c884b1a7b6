import type {
  MetricsSample,
  RoomMemberMetrics,
  RoomMetrics,
  RoomStats,
  RoomStatsOptions,
  ServerMetrics,
  UserMetrics,
} from '../../contract/metrics.js'
import type {MessageRecord, PluginHost} from '../../contract/plugins.js'
import type {RoomOverview, RoomView, UserView} from '../../contract/views.js'
import {isoTime} from '../../util/iso-time.js'
import {meanHookTimesUs} from './hook-times.js'
import {MessageDurations} from './message-durations.js'
import {MessageRates} from './message-rates.js'
import {type Reading, readGauges, sumOf, takeReading} from './reading.js'
import {ResponseTimes} from './response-times.js'
import {describeRoom, listRoomStats} from './room-stats.js'
import {SampleWindow, type WindowStart} from './sample-window.js'
import {newCounts, ratio, windowFigures} from './window-figures.js'

const MS_PER_S = 1000
const MAX_LISTED_MEMBERS = 200

/** Where a window begins, and all that was counted by then and is by now. */
interface Span {
  readonly start: WindowStart
  readonly from: Reading
  readonly to: Reading
}

/** Samples the server once a second, and says how it fares at any moment in between. */
export class Meter {
  readonly durations = new MessageDurations()
  readonly #host: PluginHost
  readonly #window: SampleWindow
  readonly #responses: ResponseTimes
  readonly #roomRates: MessageRates
  readonly #userRates: MessageRates
  /** By slot. */
  readonly #readings: Reading[] = []
  #samples = 0
  #samplingMs = 0

  /** Takes the first sample. */
  constructor(host: PluginHost, intervalMs: number) {
    this.#host = host
    this.#window = new SampleWindow(intervalMs)
    const {slotCount} = this.#window
    this.#responses = new ResponseTimes(this.#window)
    this.#roomRates = new MessageRates(host.rooms, slotCount)
    this.#userRates = new MessageRates(host.users, slotCount)
    host.on('roomCreated', ({roomId}) => this.#roomRates.begin(roomId))
    host.on('roomClosed', ({roomId}) => this.#roomRates.forget(roomId))
    host.on('userConnected', ({userId}) => this.#userRates.begin(userId))
    host.on('userDisconnected', ({userId}) => this.#userRates.forget(userId))
    this.#advance(takeReading(host, this.durations.sums))
  }

  /** The hot path. */
  note(record: MessageRecord): void {
    this.#responses.record(record.durationMs)
    this.durations.record(record)
  }

  /** How often sampling was done, and how long it took. */
  get collection(): {readonly count: number; readonly sum: number} {
    return {count: this.#samples, sum: this.#samplingMs / MS_PER_S}
  }

  /** Takes a sample, and describes the time since the last one. */
  sample(): MetricsSample {
    const beganMs = performance.now()
    const {clock} = this.#host
    const from = this.#readings[this.#window.newest] as Reading
    const to = takeReading(this.#host, this.durations.sums)
    const percentiles = this.#responses.latest()
    this.#advance(to)
    const {heapLimitMb: _, ...gauges} = readGauges(this.#host)
    const perSecond = (before: number, after: number) => ratio((after - before) * MS_PER_S, to.atMs - from.atMs)
    const sample = {
      timestamp: isoTime(clock.nowMs()),
      ...gauges,
      ...windowFigures(from, to),
      ...percentiles,
      errorsPerSecond: perSecond(from.totals.errors, to.totals.errors),
      refusalsPerSecond: perSecond(sumOf(from.refusals), sumOf(to.refusals)),
      eventLoopDelayP99Ms: to.loopDelayP99Ms,
    }
    this.#samples += 1
    this.#samplingMs += performance.now() - beganMs
    return sample
  }

  describe(options: RoomStatsOptions): ServerMetrics {
    const {clock, rooms, vitals} = this.#host
    const span = this.#span()
    const {from, to, start} = span
    const overviews = rooms.overview(Number.POSITIVE_INFINITY)
    return {
      timestamp: isoTime(clock.nowMs()),
      intervalMs: to.atMs - from.atMs,
      ...readGauges(this.#host),
      ...windowFigures(from, to),
      ...this.#responses.since(start.slot),
      memoryLimitMb: vitals.memoryLimitMb,
      eventLoopDelayP99Ms: this.#worstDelayMs(span),
      slowConsumers: vitals.slowConsumers,
      overload: vitals.overload,
      closeReasons: to.closeReasons,
      refusals: to.refusals,
      messageTypes: to.messageTypes,
      errors: to.errors,
      hookTimeUs: meanHookTimesUs(from.hookTimes, to.hookTimes),
      totals: to.totals,
      recent: newCounts(from, to),
      ...listRoomStats(overviews, room => this.#rateOf(room, span), options),
    }
  }

  /** One moment as monitors read it; with `withRooms` all rooms, busiest first. */
  expose({withRooms}: {withRooms: boolean}): {
    readonly reading: Reading
    readonly loopUtilizationPercent: number
    readonly rooms: readonly RoomStats[]
  } {
    const span = this.#span()
    const {from, to} = span
    const overviews = withRooms ? this.#host.rooms.overview(Number.POSITIVE_INFINITY) : []
    const {roomStats} = listRoomStats(overviews, room => this.#rateOf(room, span), {limit: overviews.length})
    return {
      reading: to,
      loopUtilizationPercent: windowFigures(from, to).eventLoopUtilizationPercent,
      rooms: roomStats,
    }
  }

  room(roomId: number): RoomMetrics | undefined {
    const room = this.#host.rooms.get(roomId)
    if (room === undefined) return undefined
    const span = this.#span()
    return {
      ...describeRoom(room, this.#rateOf(room, span)),
      messages: room.messageCount,
      createdAt: isoTime(room.createdAtMs),
      players: room.game?.players ?? null,
      gameStartedAt: room.game === null ? null : isoTime(room.game.startedAtMs),
      members: room.members.slice(0, MAX_LISTED_MEMBERS).map(member => this.#describeMember(member, span)),
    }
  }

  user(userId: number): UserMetrics | undefined {
    const {users, rooms} = this.#host
    const user = users.get(userId)
    if (user === undefined) return undefined
    const span = this.#span()
    const {nickname, isGuest, address, sessionId, traffic} = user
    return {
      userId,
      nickname: nickname ?? null,
      isGuest,
      address,
      sessionId,
      connectedAt: isoTime(user.connectedAtMs),
      lastMessageAt: isoTime(traffic.lastReadAtMs),
      ...this.#describeTraffic(user, span),
      bytesIn: traffic.bytesIn,
      bytesOut: traffic.bytesOut,
      rooms: user.roomIds
        .map(roomId => rooms.get(roomId))
        .filter(room => room !== undefined)
        .map(room => describeRoom(room, this.#rateOf(room, span))),
    }
  }

  #advance(reading: Reading): void {
    const slot = this.#window.advance(reading.atMs)
    this.#readings[slot] = reading
    this.#responses.sample(slot)
    this.#roomRates.sample(slot)
    this.#userRates.sample(slot)
  }

  #span(): Span {
    const to = takeReading(this.#host, this.durations.sums)
    const start = this.#window.start(to.atMs)
    return {start, from: this.#readings[start.slot] as Reading, to}
  }

  #worstDelayMs({start, to}: Span): number {
    let worstMs = to.loopDelayP99Ms
    for (const slot of this.#window.slots(start.slot)) {
      // What was read at the start is about the second before.
      if (slot !== start.slot) worstMs = Math.max(worstMs, (this.#readings[slot] as Reading).loopDelayP99Ms)
    }
    return worstMs
  }

  #rateOf({roomId, messageCount}: RoomOverview, {start, to}: Span): number {
    return this.#roomRates.perMinute(roomId, messageCount, start, to.atMs)
  }

  #describeMember({userId, nickname, joinedAtMs}: RoomView['members'][number], span: Span): RoomMemberMetrics {
    const user = this.#host.users.get(userId) as UserView
    return {
      userId,
      nickname: nickname ?? null,
      joinedAt: isoTime(joinedAtMs),
      ...this.#describeTraffic(user, span),
    }
  }

  #describeTraffic({userId, traffic: {messageCount, unsentBytes}}: UserView, {start, to}: Span) {
    return {
      messagesPerMinute: this.#userRates.perMinute(userId, messageCount, start, to.atMs),
      messages: messageCount,
      unsentBytes,
    }
  }
}
