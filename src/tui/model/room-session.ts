import {setTimeout as startTimer} from 'node:timers'
import type {ConnectionEnd} from '../../client/client-events.js'
import type {GsClient} from '../../client/game-client.js'
import type {ServerMessage} from '../../contract/messages.js'
import {GsError} from '../../errors.js'
import {
  addLine,
  type Conversation,
  currentRoom,
  enterRoom,
  type LineKind,
  nameOf,
  startConversation,
} from './conversation.js'
import {errorWords} from './error-words.js'
import {gameView} from './game-view.js'
import {receiveMessage} from './receive-message.js'
import {COMMAND_HELP, parseTyped, type TypedCommand} from './typed-command.js'

/** How the connection is; the attempt counts from 1. */
export type Link = {readonly state: 'connected' | 'closed'} | {readonly state: 'reconnecting'; readonly attempt: number}

/** All that a screen shows. */
export interface SessionSnapshot {
  readonly conversation: Conversation
  readonly link: Link
  readonly latencyMs: number | undefined
}

export interface RoomSessionOptions {
  readonly client: GsClient
  readonly nickname?: string | undefined
  /** Joined at the start; chat goes to the first. */
  readonly rooms: readonly number[]
  /** Wall time, in milliseconds since the epoch. */
  readonly nowMs: () => number
}

/** Changes are told at most so often: a flood of messages is drawn, not each of them. */
const TELL_AFTER_MS = 16
const FIRST_HEARTBEAT_MS = 1_000

/** One person at a terminal: what is typed goes to the client, what the client hears becomes a picture to draw. */
export class RoomSession {
  /** Settles when the session is over: undefined when the person left, else the reason. */
  readonly finished: Promise<GsError | undefined>
  readonly #client: GsClient
  readonly #nowMs: () => number
  readonly #watchers = new Set<() => void>()
  #snapshot: SessionSnapshot
  #tellTimer: NodeJS.Timeout | undefined

  constructor({client, nickname, rooms, nowMs}: RoomSessionOptions) {
    this.#client = client
    this.#nowMs = nowMs
    this.#snapshot = {
      conversation: startConversation(client.userId, nickname),
      link: {state: 'connected'},
      latencyMs: undefined,
    }
    const {promise, resolve} = Promise.withResolvers<GsError | undefined>()
    this.finished = promise
    client.on('message', message => this.#receive(message))
    client.on('reconnecting', ({attempt, end}) => this.#reconnecting(attempt, end))
    client.on('close', ({error}) => {
      this.#change({link: {state: 'closed'}})
      resolve(error)
    })
    this.#greet(rooms.length > 0)
    const {welcome} = client
    // A seat in a room that is joined anyway needs no word.
    this.#receive({...welcome, games: welcome.games.filter(({roomId}) => !rooms.includes(roomId))})
    void this.#start(rooms)
  }

  get snapshot(): SessionSnapshot {
    return this.#snapshot
  }

  /** Calls `watcher` after changes, not more often than a screen can show. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Does what a typed line asks for. */
  submit(text: string): void {
    const {conversation} = this.#snapshot
    const room = currentRoom(conversation)
    const isOwnTurn = room !== undefined && (gameView(conversation, room)?.isOwnTurn ?? false)
    this.#run(parseTyped(text, {isOwnTurn}))
  }

  leave(): void {
    void this.#client.close()
  }

  async #start(rooms: readonly number[]): Promise<void> {
    const client = this.#client
    for (const roomId of rooms) await this.#ask(client.joinRoom(roomId))
    const [first] = rooms
    if (first !== undefined) this.#converse(conversation => enterRoom(conversation, first))
    this.#measureLatency()
  }

  /** The first round trip. Not at once: a screen that is being set up would be measured with it. */
  #measureLatency(): void {
    startTimer(() => {
      // The next heartbeat measures it, too.
      this.#client.heartbeat().catch(() => {})
    }, FIRST_HEARTBEAT_MS).unref()
  }

  #greet(hasRooms: boolean): void {
    this.#say('info', 'Type and press Enter to talk. /help lists the commands, /quit leaves.')
    this.#say(
      'info',
      hasRooms
        ? '/start tictactoe plays a game, /who tells who is here.'
        : 'You are in no room yet: /join 7 enters one, /rooms lists them.',
    )
  }

  #run(command: TypedCommand): void {
    const {conversation} = this.#snapshot
    switch (command.kind) {
      case 'nothing':
        break
      case 'quit':
        this.leave()
        break
      case 'problem':
        this.#say('error', command.text)
        break
      case 'help':
        for (const [usage, does] of COMMAND_HELP) this.#say('info', `${usage.padEnd(17)} ${does}`)
        break
      case 'rooms':
        void this.#ask(this.#client.listRooms())
        break
      case 'join':
        if (conversation.rooms.has(command.roomId)) this.#turnTo(command.roomId)
        else void this.#ask(this.#client.joinRoom(command.roomId))
        break
      default: {
        const roomId = command.kind === 'leave' && command.roomId ? command.roomId : conversation.currentRoomId
        if (roomId === null) this.#say('error', 'You are in no room: /join 7 enters one, /rooms lists them.')
        else if (command.kind === 'who') this.#say('info', whoIsHere(conversation))
        else void this.#ask(requestIn(this.#client, roomId, command))
      }
    }
  }

  #turnTo(roomId: number): void {
    this.#converse(conversation => enterRoom(conversation, roomId))
    this.#say('info', `What you say goes to room ${roomId} now.`)
  }

  /** Replies and errors of the server come as messages; only what never reached it is told here. */
  async #ask(request: Promise<unknown>): Promise<void> {
    try {
      await request
    } catch (error) {
      if (!GsError.is(error)) throw error
      if (isFromServer(error)) return
      this.#say('error', error.code === 'connection_closed' ? 'Not sent: there is no connection.' : errorWords(error))
    }
  }

  #receive(message: ServerMessage): void {
    if (message.type === 'heartbeat') this.#change({latencyMs: this.#client.latencyMs})
    if (message.type === 'welcome' && this.#snapshot.link.state === 'reconnecting') {
      this.#change({link: {state: 'connected'}})
      this.#say('status', 'Connected again.')
      this.#measureLatency()
    }
    this.#converse(conversation => receiveMessage(conversation, message, this.#nowMs()))
  }

  #reconnecting(attempt: number, {reason, error}: ConnectionEnd): void {
    const isNews = this.#snapshot.link.state !== 'reconnecting'
    this.#change({link: {state: 'reconnecting', attempt}, latencyMs: undefined})
    if (!isNews) return
    // The goodbye said why already.
    const why = reason === 'connection_lost' && error ? `${error.message}. ` : ''
    this.#say('status', `${why}Connecting again ...`)
  }

  #say(kind: LineKind, text: string): void {
    this.#converse(conversation => addLine(conversation, {kind, text, atMs: this.#nowMs()}))
  }

  #converse(change: (conversation: Conversation) => Conversation): void {
    const conversation = change(this.#snapshot.conversation)
    if (conversation !== this.#snapshot.conversation) this.#change({conversation})
  }

  #change(part: Partial<SessionSnapshot>): void {
    this.#snapshot = {...this.#snapshot, ...part}
    this.#tellTimer ??= startTimer(() => {
      this.#tellTimer = undefined
      for (const watcher of this.#watchers) watcher()
    }, TELL_AFTER_MS).unref()
  }
}

type RoomCommand = Extract<TypedCommand, {readonly kind: 'chat' | 'leave' | 'start' | 'act' | 'end'}>

function requestIn(client: GsClient, roomId: number, command: RoomCommand): Promise<unknown> {
  switch (command.kind) {
    case 'chat':
      return client.chat(roomId, command.text)
    case 'leave':
      return client.leaveRoom(roomId)
    case 'start':
      return client.startGame(roomId, command.game, command.options)
    case 'act':
      return client.act(roomId, command.action)
    case 'end':
      return client.endGame(roomId, command.winner)
  }
}

/** Errors that came as a frame have been shown as one. */
function isFromServer({cause}: GsError): boolean {
  return typeof cause === 'object' && cause !== null && 'type' in cause && cause.type === 'error'
}

function whoIsHere(conversation: Conversation): string {
  const room = currentRoom(conversation)
  if (!room) return ''
  const people = [...room.members].map(userId => {
    const name = nameOf(conversation, userId)
    const id = name === `user ${userId}` ? '' : ` (${userId})`
    return `${name}${id}${userId === conversation.selfId ? ' - you' : ''}`
  })
  const others = room.userCount - people.length
  return `In room ${room.roomId}: ${people.join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}
