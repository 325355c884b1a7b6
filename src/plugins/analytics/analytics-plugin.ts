import type {AnalyticsApi, EventQuery, HeatmapQuery, RankQuery, RealtimeStats} from '../../contract/analytics.js'
import type {PluginHost, PluginInstance} from '../../contract/plugins.js'
import type {ExportRequest, QueryRequest} from '../../contract/row-lines.js'
import {GsError} from '../../errors.js'
import {isoTime} from '../../util/iso-time.js'
import type {AnalyticsConfig} from './analytics-config.js'
import {BatchWriter} from './batch-writer.js'
import {EventFeed} from './event-feed.js'
import {Expiry} from './expiry.js'
import {forgetStored} from './forget.js'
import {joinEvents} from './join-events.js'
import {readEvents} from './readers/read-events.js'
import {readHeatmap} from './readers/read-heatmap.js'
import {readRank} from './readers/read-rank.js'
import {readReport} from './readers/read-report.js'
import {readRetention} from './readers/read-retention.js'
import {readRoom} from './readers/read-room.js'
import {readUser} from './readers/read-user.js'
import type {Reading} from './readers/reading.js'
import {Realtime} from './realtime.js'
import {Recorder} from './recorder.js'
import type {InterruptedRun} from './recovery.js'
import {RowDesk} from './row-desk.js'
import {checkExport, exportJob, queryJob} from './row-jobs.js'
import {END_RUN, type StartedRun} from './run.js'
import {TallyKeeper} from './tally-keeper.js'

const DEFAULT_EVENTS = 20
const BUSIEST_ROOMS = 10
const TICK_MS = 1000
const TICKS_A_MINUTE = 60

/** The plugin of one server: its parts, put together. */
export class AnalyticsPlugin implements AnalyticsApi, PluginInstance {
  readonly #host: PluginHost
  readonly #run: StartedRun
  readonly #interruptedRun: InterruptedRun | null
  readonly #writer: BatchWriter
  readonly #feed: EventFeed
  readonly #realtime = new Realtime()
  readonly #tally: TallyKeeper
  readonly #recorder: Recorder
  readonly #expiry: Expiry
  readonly #rowDesk: RowDesk
  #config: AnalyticsConfig
  #tickedAtMs: number
  #ticks = 0

  constructor(host: PluginHost, config: AnalyticsConfig, run: StartedRun) {
    const {store, clock, log} = host
    this.#host = host
    this.#config = config
    this.#run = run
    this.#interruptedRun = run.interruptedRun
    this.#tickedAtMs = clock.monotonicMs()
    this.#writer = new BatchWriter({store, clock, runId: run.runId})
    this.#feed = new EventFeed({size: config.bufferSize, onReadersChange: () => this.#recorder?.chooseMessages()})
    this.#tally = new TallyKeeper({
      path: run.tallyPath,
      runId: run.runId,
      droppedNow: () => this.#writer.totals.dropped,
    })
    this.#recorder = new Recorder({
      clock,
      writer: this.#writer,
      feed: this.#feed,
      realtime: this.#realtime,
      tally: this.#tally,
      firstEventId: run.firstEventId,
      hasRawMessages: config.rawMessages,
    })
    this.#rowDesk = new RowDesk({store, flush: () => this.flush()})
    this.#expiry = new Expiry({store, clock, log, limits: () => this.#config})
    for (const {roomId, userId} of run.present) this.#recorder.presence.restore(roomId, userId)
  }

  /** From here on everything is seen. */
  listen(): void {
    const {users, rooms} = this.#host
    const recorder = this.#recorder
    for (const {userId, sessionId, roomIds} of users.list(Number.POSITIVE_INFINITY)) {
      recorder.adopt(userId, sessionId, roomIds, roomId => rooms.get(roomId)?.userCount ?? 0)
    }
    this.#host.hook('afterMessage', recorder.afterMessage)
    this.#host.on('userConnected', event => recorder.userConnected(event))
    this.#host.on('userDisconnected', event => recorder.userDisconnected(event))
    this.#host.on('roomCreated', event => recorder.roomCreated(event))
    this.#host.on('roomJoined', event => recorder.roomJoined(event))
    this.#host.on('roomLeft', event => recorder.roomLeft(event))
    this.#host.on('gameStarted', event => recorder.gameStarted(event))
    this.#host.on('gameEnded', event => recorder.gameEnded(event))
    this.#host.every(TICK_MS, () => this.#tick())
  }

  stats(): RealtimeStats {
    const {stored, dropped} = this.#writer.totals
    const {roomCounts} = this.#recorder
    this.#recorder.catchUp()
    return {
      eventsPerMinute: this.#realtime.eventsPerMinute,
      totalEventsProcessed: this.#tally.accepted,
      avgProcessingTimeUs: this.#realtime.averageTimeUs,
      bufferUtilizationPercent: this.#writer.utilizationPercent,
      eventsDropped: dropped,
      eventsStored: stored,
      eventsMissedByReaders: this.#feed.missed,
      readers: this.#feed.readerCount,
      users: this.#recorder.userCount,
      activeRooms: roomCounts.size,
      eventsBySecond: this.#realtime.bySecond,
      busiestRooms: this.#realtime
        .busiestRooms(BUSIEST_ROOMS)
        .map(({roomId, messages}) => ({roomId, userCount: roomCounts.get(roomId) ?? 0, messages})),
      interruptedRun: describeInterrupted(this.#interruptedRun),
    }
  }

  async user(userId: number) {
    return readUser(await this.#reading(), userId)
  }

  async room(roomId: number) {
    return readRoom(await this.#reading(), roomId)
  }

  async rank(query: RankQuery) {
    return readRank(await this.#reading(), query)
  }

  async heatmap(query?: HeatmapQuery) {
    return readHeatmap(await this.#reading(), query)
  }

  async retention(query?: {readonly weeks?: number | undefined}) {
    return readRetention(await this.#reading(), query)
  }

  events({filter = {}, sinceMs, limit = DEFAULT_EVENTS, isFollowed = false, signal}: EventQuery = {}) {
    // From before the past ones are read, so that none is missed between them.
    const coming = isFollowed ? this.#feed.subscribe(filter, signal) : null
    if (coming === undefined) throw new GsError('limit_reached', 'there are 100 readers of events, which is the limit')
    const readPast = async () => {
      if (sinceMs === undefined) return this.#feed.recent(filter, limit)
      return readEvents(await this.#reading(), {...filter, sinceMs, limit})
    }
    return joinEvents(readPast, coming)
  }

  async report(query?: {readonly sinceMs?: number | null | undefined}) {
    return readReport(await this.#reading(), query)
  }

  query(request: QueryRequest, {signal}: {readonly signal?: AbortSignal} = {}) {
    return this.#rowDesk.run(file => queryJob(file, request), {limitMs: request.limitMs, signal})
  }

  exportRows(request: ExportRequest, {signal}: {readonly signal?: AbortSignal} = {}) {
    checkExport(request)
    return this.#rowDesk.run(file => exportJob(file, request), {limitMs: null, signal})
  }

  async flush(): Promise<void> {
    this.#recorder.sendOn()
    await this.#settle()
  }

  async forget(userId: number, actor: string) {
    const {store, clock} = this.#host
    await this.flush()
    const {restart} = this.#recorder.forget(userId)
    let rows: number
    try {
      rows = await forgetStored({store, clock, userId, actor})
    } finally {
      restart()
    }
    return rows === 0 ? undefined : {userId, rows}
  }

  configure(config: unknown): void {
    this.#config = config as AnalyticsConfig
    this.#recorder.chooseMessages(this.#config.rawMessages)
  }

  async close(): Promise<void> {
    const {store, clock} = this.#host
    this.#expiry.close()
    this.#feed.close()
    await this.#rowDesk.close()
    this.#recorder.endAll()
    await this.#settle()
    const {dropped} = this.#writer.totals
    this.#tally.close()
    const ending = store.append([{sql: END_RUN, params: [clock.nowMs(), dropped, this.#run.runId]}])
    await Promise.race([ending, store.flush()])
  }

  /** Waits until all that was sent on is stored, but not for a store that is broken. */
  async #settle(): Promise<void> {
    const {store} = this.#host
    let isDone = false
    const settled = this.#writer.settled().then(() => {
      isDone = true
    })
    while (!isDone) {
      await Promise.race([settled, store.flush()])
      if (store.status()?.state !== 'ok') return
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  #tick(): void {
    const nowMs = this.#host.clock.monotonicMs()
    this.#ticks += 1
    const isMinute = this.#ticks % TICKS_A_MINUTE === 0
    this.#recorder.tick(nowMs - this.#tickedAtMs, isMinute)
    this.#tickedAtMs = nowMs
    this.#realtime.tick(this.#tally.accepted)
    if (!isMinute) return
    const events = Math.round(this.#realtime.eventsPerMinute)
    this.#host.log.debug({events}, 'events in the last minute')
    void this.#expire()
  }

  async #expire(): Promise<void> {
    try {
      await this.#expiry.run()
    } catch (error) {
      // The store says itself what ails it; what is old goes with a later round.
      this.#host.log.warn({err: error}, 'old analytics could not be deleted')
    }
  }

  /** As of now: what waits is stored first. */
  async #reading(): Promise<Reading> {
    await this.flush()
    const {store, clock} = this.#host
    return {query: (sql, params, limits) => store.query(sql, params, limits), nowMs: clock.nowMs()}
  }
}

function describeInterrupted(run: InterruptedRun | null): RealtimeStats['interruptedRun'] {
  return run && {endedAt: isoTime(run.endedMs), eventsLost: run.eventsLost, sessions: run.sessions}
}
