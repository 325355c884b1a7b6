import type {GameInfo, MemberInfo, ServerMessage} from '../../src/contract/messages.js'
import {expectThat} from './room-order-violation.js'

/** What a member of a room may be sent there. */
export type RoomFrame = Extract<
  ServerMessage,
  {type: 'chat' | 'member_joined' | 'member_left' | 'game_started' | 'game_action' | 'game_state' | 'game_ended'}
>

type Joined = Extract<ServerMessage, {type: 'room_joined'}>

/** What every frame of the view game says besides what it shows to one player. */
export interface PeekState {
  readonly count: number
  /** Id of the last action. */
  readonly last: string
  /** For whom this is: a player, or null for all others. */
  readonly viewer: number | null
}

/** One step of a room's history, as one observer saw it. */
export interface Seen {
  /** The same for every observer of the same step, and different for different neighbours. */
  readonly text: string
  /** The id that a client made up for it; there is one such step in the whole run. Null for what has none. */
  readonly anchor: string | null
  /** Digest of who is in the room and what is played there, after this step. */
  readonly digest: number
}

/**
 * How an interval ended. `left`: by a leave or a goodbye, so its last step is known. `quiet`: the run is over and nothing
 * more comes. `cut`: the connection broke off, and what was under way is lost.
 */
export type IntervalEnd = 'left' | 'quiet' | 'cut'

/**
 * The time from one `room_joined` to the leave, as one client saw it: a gapless piece of the room's history. The
 * observer's own comings and goings, which nobody tells it, stand at the ends as steps of their own.
 */
export class Interval {
  readonly roomId: number
  /** Nickname of the observing session. */
  readonly observer: string
  readonly steps: Seen[] = []
  end: IntervalEnd | null = null
  /** Ids of messages that were accepted, in the order of sending. */
  readonly accepted: string[] = []
  /** Ids of messages of which nobody said whether they were accepted before the connection ended. */
  readonly uncertain = new Set<string>()
  /** By user id, nicknames in the order of joining. */
  readonly members = new Map<number, string>()
  readonly #userId: number
  readonly #lastBySender = new Map<number, number>()
  #membersDigest = 0
  #game: string
  #players: readonly number[]

  constructor(observer: MemberInfo, {roomId, members, userCount, game}: Joined) {
    this.roomId = roomId
    this.#userId = observer.userId
    this.observer = observer.nickname ?? ''
    for (const member of members) this.#add(member)
    expectThat(
      userCount === members.length,
      () => `${this.#where}: userCount ${userCount} of ${members.length} members`,
    )
    const [last] = members.slice(-1)
    expectThat(last?.nickname === this.observer, () => `${this.#where}: the joiner is not the last of the members`)
    this.#game = describeGame(game)
    this.#players = game?.players ?? []
    this.#note(`joined ${this.observer}`, null)
  }

  take(frame: RoomFrame, text: string): void {
    switch (frame.type) {
      case 'member_joined':
        this.#add(frame)
        this.#note(`joined ${frame.nickname}`, null)
        break
      case 'member_left':
        this.#remove(frame)
        this.#note(`left ${frame.nickname}`, null)
        break
      case 'chat':
        this.#checkSender(frame, frame.message)
        this.#note(text, frame.message)
        break
      case 'game_action':
        this.#checkSender({userId: frame.userId}, actionId(frame.action))
        this.#note(text, actionId(frame.action))
        break
      case 'game_started':
        this.#players = frame.players
        this.#game = describeGame({name: frame.game, phase: 'playing', players: frame.players, state: frame.state})
        this.#checkView(frame.state)
        this.#note(`started ${this.#game}`, null)
        break
      case 'game_state': {
        const {count, last} = frame.state as unknown as PeekState
        this.#game = `peek playing ${this.#players} ${count} ${last}`
        this.#checkView(frame.state)
        this.#checkSender({userId: frame.userId ?? 0}, last)
        this.#note(`state ${this.#game}`, last)
        break
      }
      case 'game_ended':
        this.#game = this.#game.replace('playing', 'ended')
        this.#note(text, null)
    }
  }

  finish(end: IntervalEnd): void {
    this.end = end
    if (end === 'quiet') this.#note('the end of the run', null)
    if (end !== 'left') return
    this.#remove({userId: this.#userId, nickname: this.observer}, true)
    this.#note(`left ${this.observer}`, null)
  }

  /** Everything accepted from the observer came back to it, once and in its order. */
  checkEchoes(): void {
    if (this.end === 'cut') return
    const own = `${this.#userId}:`
    const echoed = this.steps.flatMap(({anchor}) => (anchor?.startsWith(own) ? [anchor] : []))
    for (const [index, id] of this.accepted.entries()) {
      expectThat(echoed[index] === id, () => `${this.#where}: ${id} was accepted, its echo is ${echoed[index]}`)
    }
    for (const id of echoed.slice(this.accepted.length)) {
      expectThat(this.uncertain.has(id), () => `${this.#where}: ${id} was not accepted, and was sent to the room`)
    }
  }

  get #where(): string {
    return `room ${this.roomId} as ${this.observer} saw it`
  }

  #note(text: string, anchor: string | null): void {
    this.steps.push({text, anchor, digest: this.#membersDigest ^ digestOf(this.#game)})
  }

  #add({userId, nickname = ''}: MemberInfo): void {
    expectThat(!this.members.has(userId), () => `${this.#where}: ${nickname} joined and was in already`)
    this.members.set(userId, nickname)
    this.#membersDigest ^= digestOf(nickname)
  }

  #remove({userId, nickname = ''}: MemberInfo, isSelf = false): void {
    expectThat(this.members.get(userId) === nickname, () => `${this.#where}: ${nickname} left and was not in`)
    expectThat(isSelf || userId !== this.#userId, () => `${this.#where}: was told of its own leave`)
    this.members.delete(userId)
    this.#membersDigest ^= digestOf(nickname)
  }

  /** The sender is in the room, and what it says comes in the order it was said. */
  #checkSender({userId, nickname}: {userId: number; nickname?: string}, id: string): void {
    const known = this.members.get(userId)
    expectThat(known !== undefined, () => `${this.#where}: ${id} came from somebody who is not in`)
    expectThat(nickname === undefined || nickname === known, () => `${this.#where}: ${id} came from ${nickname}`)
    const colon = id.indexOf(':')
    const number = Number(id.slice(colon + 1))
    expectThat(Number(id.slice(0, colon)) === userId, () => `${this.#where}: ${id} came from user ${userId}`)
    const last = this.#lastBySender.get(userId) ?? -1
    expectThat(number > last, () => `${this.#where}: ${id} came after ${userId}:${last}`)
    this.#lastBySender.set(userId, number)
  }

  /** Nobody is shown another player's view. */
  #checkView(state: unknown): void {
    const viewer = (state as PeekState | null)?.viewer ?? null
    expectThat(viewer === null || viewer === this.#userId, () => `${this.#where}: was shown the view of ${viewer}`)
  }
}

function actionId(action: unknown): string {
  return String((action as {id?: unknown} | null)?.id)
}

function describeGame(game: GameInfo | null): string {
  if (game === null) return 'none'
  const {name, phase, players, state} = game
  const {count = 0, last = ''} = (state ?? {}) as unknown as Partial<PeekState>
  return name === 'peek' ? `peek ${phase} ${players} ${count} ${last}` : `${name} ${phase} ${players}`
}

/** FNV-1a. */
function digestOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash
}
