import type {GameInfo, JsonValue, MemberInfo} from '../../contract/messages.js'
import {visibleText} from '../../util/visible-text.js'

/**
 * What a terminal client knows, as plain data: every function takes a conversation and returns the next one. The text of
 * lines and the names are safe to show; a game is as the server sent it.
 */

export type LineKind = 'chat' | 'own' | 'joined' | 'left' | 'game' | 'notice' | 'error' | 'status' | 'info'

export interface Author {
  readonly userId: number
  readonly name: string
}

export interface ConversationLine {
  /** Grows by one with each line. */
  readonly id: number
  /** Wall time, in milliseconds since the epoch. */
  readonly atMs: number
  readonly kind: LineKind
  /** Null: about no room. */
  readonly roomId: number | null
  readonly author: Author | null
  readonly text: string
}

export interface RoomGame {
  readonly name: string
  readonly players: readonly number[]
  readonly state: JsonValue
  /** The state before the last change; undefined when none was seen. */
  readonly previousState: JsonValue | undefined
  /** How it ended, in words; undefined while it runs. */
  readonly ending: string | undefined
}

export interface RoomPicture {
  readonly roomId: number
  readonly userCount: number
  /** Those known: in a big room not all. */
  readonly members: ReadonlySet<number>
  readonly game: RoomGame | null
}

export interface Conversation {
  readonly selfId: number
  /** Where chat goes; null: in no room. */
  readonly currentRoomId: number | null
  readonly rooms: ReadonlyMap<number, RoomPicture>
  readonly names: ReadonlyMap<number, string>
  readonly lines: readonly ConversationLine[]
  readonly nextLineId: number
}

/** Lines that are kept. */
export const MAX_LINES = 1_000
/** Names that are kept, the latest ones. */
const MAX_NAMES = 2_000
/** Members of a room that are kept by id. */
const MAX_MEMBERS = 500
/** Characters of a line that are kept; the server's own limit on chat is a quarter of it by default. */
const MAX_LINE_CHARACTERS = 4_000

export function startConversation(selfId: number, nickname?: string): Conversation {
  const empty: Conversation = {
    selfId,
    currentRoomId: null,
    rooms: new Map(),
    names: new Map(),
    lines: [],
    nextLineId: 0,
  }
  return nickname === undefined ? empty : learnNames(empty, [{userId: selfId, nickname}])
}

export interface NewLine {
  readonly kind: LineKind
  readonly text: string
  readonly atMs: number
  readonly roomId?: number | null
  readonly author?: Author | null
}

export function addLine(conversation: Conversation, line: NewLine): Conversation {
  const {kind, text, atMs, roomId = null, author = null} = line
  const kept = text.length > MAX_LINE_CHARACTERS ? `${text.slice(0, MAX_LINE_CHARACTERS)} ...` : text
  const added: ConversationLine = {id: conversation.nextLineId, atMs, kind, roomId, author, text: visibleText(kept)}
  return {
    ...conversation,
    lines: [...conversation.lines.slice(-(MAX_LINES - 1)), added],
    nextLineId: conversation.nextLineId + 1,
  }
}

/** Makes a room that one is in the one where chat goes. */
export function enterRoom(conversation: Conversation, roomId: number): Conversation {
  return conversation.rooms.has(roomId) ? {...conversation, currentRoomId: roomId} : conversation
}

export function forgetRoom(conversation: Conversation, roomId: number): Conversation {
  const rooms = new Map(conversation.rooms)
  rooms.delete(roomId)
  const isCurrent = conversation.currentRoomId === roomId
  const currentRoomId = isCurrent ? ([...rooms.keys()].at(-1) ?? null) : conversation.currentRoomId
  return {...conversation, rooms, currentRoomId}
}

export function updateRoom(
  conversation: Conversation,
  roomId: number,
  change: (room: RoomPicture) => Partial<RoomPicture>,
): Conversation {
  const room = conversation.rooms.get(roomId)
  if (!room) return conversation
  return {...conversation, rooms: new Map(conversation.rooms).set(roomId, {...room, ...change(room)})}
}

export function openRoom(
  conversation: Conversation,
  opened: {roomId: number; userCount: number; members: readonly MemberInfo[]; game: GameInfo | null},
): Conversation {
  const {roomId, userCount, members, game} = opened
  const room: RoomPicture = {
    roomId,
    userCount,
    members: new Set(members.slice(0, MAX_MEMBERS).map(({userId}) => userId)),
    game: game && {
      name: game.name,
      players: game.players,
      state: game.state,
      previousState: undefined,
      ending: game.phase === 'ended' ? 'over' : undefined,
    },
  }
  const rooms = new Map(conversation.rooms).set(roomId, room)
  // One that was known already is joined again after a lost connection, and is not where chat goes for that.
  const currentRoomId = conversation.rooms.has(roomId) ? conversation.currentRoomId : roomId
  return learnNames({...conversation, rooms, currentRoomId}, members)
}

export function addMember(conversation: Conversation, roomId: number, member: MemberInfo): Conversation {
  const known = learnNames(conversation, [member])
  return updateRoom(known, roomId, ({members, userCount}) => ({
    members: members.size < MAX_MEMBERS ? new Set(members).add(member.userId) : members,
    userCount: userCount + 1,
  }))
}

export function removeMember(conversation: Conversation, roomId: number, member: MemberInfo): Conversation {
  const known = learnNames(conversation, [member])
  return updateRoom(known, roomId, ({members, userCount}) => ({
    members: new Set([...members].filter(userId => userId !== member.userId)),
    userCount: Math.max(0, userCount - 1),
  }))
}

/** Nicknames come with many messages; the latest counts. */
export function learnNames(conversation: Conversation, people: readonly MemberInfo[]): Conversation {
  const news = people.filter(({userId, nickname}) => {
    return nickname !== undefined && conversation.names.get(userId) !== visibleText(nickname)
  })
  if (news.length === 0) return conversation
  const names = new Map(conversation.names)
  for (const {userId, nickname} of news) {
    names.delete(userId)
    names.set(userId, visibleText(nickname ?? ''))
  }
  for (const userId of names.keys()) {
    if (names.size <= MAX_NAMES) break
    names.delete(userId)
  }
  return {...conversation, names}
}

export function nameOf(conversation: Conversation, userId: number): string {
  return conversation.names.get(userId) ?? `user ${userId}`
}

/** As `nameOf`, but says when it is oneself. */
export function personOf(conversation: Conversation, userId: number): string {
  const name = nameOf(conversation, userId)
  return userId === conversation.selfId ? `${name} (you)` : name
}

/** Oneself as the subject of a sentence. */
export function subjectOf(conversation: Conversation, userId: number): string {
  return userId === conversation.selfId ? 'you' : nameOf(conversation, userId)
}

/** The room where chat goes. */
export function currentRoom(conversation: Conversation): RoomPicture | undefined {
  const {currentRoomId, rooms} = conversation
  return currentRoomId === null ? undefined : rooms.get(currentRoomId)
}
