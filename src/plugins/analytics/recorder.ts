import type {Clock} from '../../contract/clock.js'
import type {MessageRecord, ServerEvents} from '../../contract/plugins.js'
import type {BatchWriter} from './batch-writer.js'
import type {EventFeed} from './event-feed.js'
import {MessageCounter} from './message-counter.js'
import {Presence, WHOLE_SERVER} from './presence.js'
import type {Realtime} from './realtime.js'
import type {RecordedEvent} from './recorded-event.js'
import {isAccepted, roomOf, type SentMessage} from './sent-message.js'
import {Session, SessionBook} from './session-book.js'
import type {TallyKeeper} from './tally-keeper.js'
import {dayOf} from './utc.js'

/** One message in so many is timed. */
const TIMED_EVERY = 64
const MAX_ERROR_CHARACTERS = 200
/** Users that are counted for a new hour at a time, so that a full hour stops nobody. */
const PRESENT_AT_ONCE = 500

export interface RecorderOptions {
  readonly clock: Clock
  readonly writer: Pick<BatchWriter, 'open' | 'isFull' | 'seal' | 'forget'>
  readonly feed: EventFeed
  readonly realtime: Realtime
  readonly tally: TallyKeeper
  readonly firstEventId: number
  /** A row for each message. */
  readonly hasRawMessages: boolean
}

/**
 * Takes in what happens, on the main thread and without waiting. A message is counted with its sender; everything else is
 * an event with a row of its own. What each one bears on goes into the sums of the open batch at once.
 */
export class Recorder {
  readonly presence: Presence
  readonly #options: RecorderOptions
  readonly #sessions = new SessionBook()
  readonly #counter: MessageCounter
  /** Rooms that anybody is in. */
  readonly #roomCounts = new Map<number, number>()
  /** The sender of the last message: often that of the next one, too. */
  #lastSender = new Session(0, '', 0)
  #untilTimed = TIMED_EVERY
  #nextId: number
  #hasRawMessages: boolean
  #showsMessages = false
  /** Of the messages that were counted and not summed up, those with rows. */
  #messageRows = 0
  /** Users to be counted for the hour that has begun; bounded by those who were connected then. */
  #toBeNoted: number[] = []

  constructor(options: RecorderOptions) {
    const nowMs = options.clock.nowMs()
    this.#options = options
    this.#nextId = options.firstEventId
    this.#hasRawMessages = options.hasRawMessages
    this.#counter = new MessageCounter(nowMs, atMs => {
      this.#sumUp(atMs)
      // Counts of many users are many rows, and with all of a second at once the event loop would stand still.
      if (options.writer.isFull) options.writer.seal(false)
    })
    this.presence = new Presence(nowMs, (hourMs, roomId, userId) =>
      options.writer.open.rollups.notePresent(hourMs, roomId, userId),
    )
    this.chooseMessages(options.hasRawMessages)
  }

  get userCount(): number {
    return this.#sessions.size
  }

  /** Members of each room that anybody is in. */
  get roomCounts(): ReadonlyMap<number, number> {
    return this.#roomCounts
  }

  /** A row for each message, or not; to be called when readers come and go as well. */
  chooseMessages(hasRawMessages = this.#hasRawMessages): void {
    this.#hasRawMessages = hasRawMessages
    this.#showsMessages = hasRawMessages || this.#options.feed.isForMessages
  }

  readonly afterMessage = (record: MessageRecord): void => {
    this.#untilTimed -= 1
    if (this.#untilTimed > 0) {
      this.#takeMessage(record)
      return
    }
    this.#untilTimed = TIMED_EVERY
    const {clock, realtime} = this.#options
    const startMs = clock.monotonicMs()
    this.#takeMessage(record)
    realtime.noteTime((clock.monotonicMs() - startMs) * 1000)
  }

  #takeMessage(record: MessageRecord): void {
    if (!isAccepted(record)) {
      this.#takeRefused(record)
      return
    }
    const {message, userId, readAtMs} = record
    if (message.type === 'heartbeat') return
    if (readAtMs >= this.#counter.endMs) this.#endMinute(readAtMs)
    const sender = this.#lastSender.userId === userId ? this.#lastSender : this.#senderOf(userId)
    this.#counter.count(sender, roomOf(message), message.type, readAtMs)
    this.#options.tally.count()
    if (this.#showsMessages) this.#showMessage(record)
  }

  userConnected({userId, sessionId, isGuest}: ServerEvents['userConnected']): void {
    const nowMs = this.#now()
    this.#beginSession(userId, sessionId, nowMs)
    this.#record({
      type: 'user_connected',
      atMs: nowMs,
      userId,
      roomId: null,
      data: JSON.stringify({sessionId, isGuest}),
    })
  }

  userDisconnected({userId, sessionId, reason}: ServerEvents['userDisconnected']): void {
    const nowMs = this.#now()
    const durationMs = this.#endSession(userId, nowMs, reason)
    if (durationMs === undefined) return
    const data = JSON.stringify({sessionId, durationMs, reason})
    this.#record({type: 'user_disconnected', atMs: nowMs, userId, roomId: null, data})
  }

  roomCreated({roomId, creatorId}: ServerEvents['roomCreated']): void {
    this.#record({type: 'room_created', atMs: this.#now(), userId: creatorId, roomId, data: null})
  }

  roomJoined({roomId, userId, userCount}: ServerEvents['roomJoined']): void {
    const nowMs = this.#now()
    this.#beginVisit(userId, roomId, userCount, nowMs)
    this.#record({type: 'room_joined', atMs: nowMs, userId, roomId, data: JSON.stringify({userCount})})
  }

  roomLeft({roomId, userId, userCount}: ServerEvents['roomLeft']): void {
    const nowMs = this.#now()
    const durationMs = this.#endVisit(userId, roomId, nowMs)
    if (userCount === 0) this.#roomCounts.delete(roomId)
    else this.#roomCounts.set(roomId, userCount)
    if (durationMs === undefined) return
    const data = JSON.stringify({userCount, durationMs})
    this.#record({type: 'room_left', atMs: nowMs, userId, roomId, data})
  }

  gameStarted({roomId, game, players}: ServerEvents['gameStarted']): void {
    const nowMs = this.#now()
    const hour = this.#options.writer.open.rollups.hour(nowMs)
    for (const player of players) hour.user(player, nowMs).gamesPlayed += 1
    hour.room(roomId, nowMs).gamesPlayed += 1
    const data = JSON.stringify({game, playerCount: players.length})
    this.#record({type: 'game_started', atMs: nowMs, userId: null, roomId, data})
  }

  gameEnded({roomId, game, outcome, winner, durationMs}: ServerEvents['gameEnded']): void {
    const nowMs = this.#now()
    if (winner !== null) this.#options.writer.open.rollups.hour(nowMs).user(winner, nowMs).gamesWon += 1
    const data = JSON.stringify({game, durationMs, outcome})
    this.#record({type: 'game_ended', atMs: nowMs, userId: winner, roomId, data})
  }

  /** Users who were connected before the plugin was there; they begin now, and so do their visits. */
  adopt(userId: number, sessionId: string, roomIds: readonly number[], countOf: (roomId: number) => number): void {
    const nowMs = this.#now()
    this.#beginSession(userId, sessionId, nowMs)
    for (const roomId of roomIds) this.#beginVisit(userId, roomId, countOf(roomId), nowMs)
  }

  /** Once a second: sums up, and sends on what there is. `isKeptAlive`: even if there is nothing. */
  tick(elapsedMs: number, isKeptAlive: boolean): void {
    const nowMs = this.#now()
    if (!this.#counter.isEmpty) this.#sumUp(nowMs)
    this.#noteSomePresent()
    const {rollups} = this.#options.writer.open
    if (this.#sessions.size > 0) rollups.noteOnline(nowMs, this.#sessions.size, elapsedMs)
    this.#options.writer.seal(isKeptAlive || this.#sessions.size > 0)
  }

  /** Brings sums and rates up to this moment. */
  catchUp(): void {
    this.#sumUp(this.#now())
  }

  /** Sums up and sends on without waiting for the second. */
  sendOn(): void {
    this.#sumUp(this.#now())
    this.#options.writer.seal(false)
  }

  /** Nobody is watched any more. */
  endAll(): void {
    const nowMs = this.#now()
    for (const {userId, roomIds} of this.#sessions.list()) {
      for (const roomId of roomIds) this.#endVisit(userId, roomId, nowMs)
      this.#endSession(userId, nowMs, 'unobserved')
    }
    this.sendOn()
  }

  /** Forgets a user in all that is not stored. One who is connected begins anew once `restart` is called. */
  forget(userId: number): {restart: () => void} {
    const {feed, writer} = this.#options
    this.#counter.forget(userId)
    this.presence.forget(userId)
    writer.forget(userId)
    feed.forget(userId)
    const session = this.#sessions.get(userId)
    return {
      restart: () => {
        if (session === undefined || this.#sessions.get(userId) !== session) return
        const nowMs = this.#now()
        const {rollups} = writer.open
        session.restart(nowMs)
        rollups.noteSession({sessionId: session.sessionId, userId, startedMs: nowMs, endedMs: null, reason: null})
        rollups.hour(nowMs).user(userId, nowMs).sessions += 1
        for (const roomId of session.roomIds) rollups.noteVisit(userId, roomId, session.joinedMs(roomId))
      },
    }
  }

  #now(): number {
    const nowMs = this.#options.clock.nowMs()
    if (nowMs >= this.#counter.endMs) this.#endMinute(nowMs)
    return nowMs
  }

  #endMinute(nowMs: number): void {
    this.#sumUp(nowMs)
    const day = dayOf(this.presence.hourMs)
    if (!this.presence.moveTo(nowMs)) return
    this.#toBeNoted = this.#sessions.userIds()
    if (day !== dayOf(nowMs)) this.#noteNewDay(nowMs)
    this.#noteSomePresent()
  }

  /** Who is here at midnight is here on both days. */
  #noteNewDay(nowMs: number): void {
    const hour = this.#options.writer.open.rollups.hour(nowMs)
    for (const userId of this.#toBeNoted) hour.user(userId, this.presence.hourMs)
  }

  #noteSomePresent(): void {
    for (const userId of this.#toBeNoted.splice(0, PRESENT_AT_ONCE)) this.#notePresent(userId)
  }

  #notePresent(userId: number): void {
    const session = this.#sessions.get(userId)
    if (session === undefined) return
    this.presence.note(WHOLE_SERVER, userId)
    for (const roomId of session.roomIds) this.presence.note(roomId, userId)
  }

  #beginSession(userId: number, sessionId: string, nowMs: number): void {
    const {rollups} = this.#options.writer.open
    this.#lastSender = this.#sessions.begin(userId, sessionId, nowMs)
    rollups.noteSession({sessionId, userId, startedMs: nowMs, endedMs: null, reason: null})
    rollups.hour(nowMs).user(userId, nowMs).sessions += 1
    rollups.noteOnline(nowMs, this.#sessions.size, 0)
    this.presence.note(WHOLE_SERVER, userId)
  }

  /** How long it was; undefined: there was none. */
  #endSession(userId: number, nowMs: number, reason: string): number | undefined {
    const session = this.#sessions.get(userId)
    if (session === undefined) return undefined
    const {sessionId, startedMs} = session
    const {rollups} = this.#options.writer.open
    // Also those who go before their turn in a new hour.
    this.presence.note(WHOLE_SERVER, userId)
    this.#sessions.end(userId)
    const endedMs = Math.max(startedMs, nowMs)
    rollups.noteSession({sessionId, userId, startedMs, endedMs, reason})
    rollups.hour(nowMs).user(userId, nowMs)
    return endedMs - startedMs
  }

  #beginVisit(userId: number, roomId: number, userCount: number, nowMs: number): void {
    const {rollups} = this.#options.writer.open
    const room = rollups.hour(nowMs).room(roomId, nowMs)
    this.#sessions.get(userId)?.join(roomId, nowMs)
    this.#roomCounts.set(roomId, userCount)
    room.visits += 1
    room.peakUsers = Math.max(room.peakUsers, userCount)
    rollups.beginVisit(userId, roomId, nowMs)
    this.presence.note(roomId, userId)
  }

  #endVisit(userId: number, roomId: number, nowMs: number): number | undefined {
    const joinedMs = this.#sessions.get(userId)?.leave(roomId)
    if (joinedMs === undefined) return undefined
    const durationMs = Math.max(0, nowMs - joinedMs)
    const {rollups} = this.#options.writer.open
    const room = rollups.hour(nowMs).room(roomId, nowMs)
    this.presence.note(roomId, userId)
    room.endedVisits += 1
    room.visitMs += durationMs
    rollups.noteVisit(userId, roomId, null)
    return durationMs
  }

  #senderOf(userId: number): Session {
    // Of one who is gone already, the last message still counts.
    this.#lastSender = this.#sessions.get(userId) ?? new Session(userId, '', 0)
    return this.#lastSender
  }

  #takeRefused({message, userId, error, readAtMs}: MessageRecord): void {
    const atMs = this.#now()
    if (message?.type !== 'heartbeat') this.#counter.noteActive(this.#senderOf(userId), readAtMs)
    if (error === null) return
    const roomId = message !== undefined && 'roomId' in message ? message.roomId : null
    const data = JSON.stringify({errorType: error.code, message: error.message.slice(0, MAX_ERROR_CHARACTERS)})
    this.#record({type: 'error', atMs, userId, roomId, data})
  }

  #showMessage(sent: SentMessage): void {
    const {feed, writer} = this.#options
    const id = this.#nextId
    this.#nextId += 1
    feed.addMessage(id, sent)
    if (!this.#hasRawMessages) return
    writer.open.addMessage(id, sent)
    this.#messageRows += 1
    if (writer.isFull) this.sendOn()
  }

  #record({type, atMs, userId, roomId, data}: Omit<RecordedEvent, 'id'>): void {
    const {feed, tally, writer} = this.#options
    const event = {id: this.#nextId, type, atMs, userId, roomId, data}
    this.#nextId += 1
    feed.add(event)
    tally.count()
    writer.open.rollups.hour(atMs).count(type)
    writer.open.addEvent(event)
    if (writer.isFull) this.sendOn()
  }

  #sumUp(nowMs: number): void {
    const counted = this.#counter.take(nowMs)
    const {realtime, writer} = this.#options
    if (counted.active.length === 0) return
    const batch = writer.open
    const hour = batch.rollups.hour(counted.minuteMs)
    for (const {userId, lastActiveMs} of counted.active) {
      const user = hour.user(userId, lastActiveMs)
      user.lastActiveMs = Math.max(user.lastActiveMs, lastActiveMs)
    }
    for (const {userId, roomId, count} of counted.cells) {
      hour.user(userId, counted.minuteMs).messages += count
      hour.count('message_sent', count)
      if (roomId === 0) continue
      hour.room(roomId, counted.untilMs).messages += count
      realtime.countRoomMessages(roomId, count)
    }
    batch.addCounts(counted, this.#messageRows)
    this.#messageRows = 0
  }
}
