import type {WireErrorCode} from '../contract/codes.js'
import type {ClientMessage, ClientMessageType} from '../contract/messages.js'
import {findJsonProblem, type JsonLimits} from './json-limits.js'
import {MAX_ID, MAX_LISTED_ROOMS} from './limits.js'
import {findNicknameProblem} from './nickname.js'
import {readPlainChat} from './plain-chat.js'

export interface MessageLimits extends JsonLimits {
  /** Longest chat message, in characters (code points). */
  readonly maxChatCharacters: number
}

/** Why a frame is not a message. */
export interface ParseProblem {
  readonly code: WireErrorCode
  readonly message: string
  /** As far as the frame could be read. */
  readonly seq: number | undefined
  readonly messageType: ClientMessageType | undefined
  readonly roomId: number | undefined
}

/** Returns null when the value is right, else what is wrong: a reason, for `bad_message`, or a whole verdict. */
type Check = (value: unknown, limits: MessageLimits) => string | Verdict | null

interface Verdict {
  readonly code: WireErrorCode
  readonly message: string
}

interface Field {
  readonly check: Check
  readonly isRequired: boolean
}

interface Shape {
  readonly fields: ReadonlyMap<string, Field>
  readonly requiredCount: number
}

const seq = optional(value =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? null : 'seq must be an integer from 0 to 2^53-1',
)
const roomId = required(value => (isId(value) ? null : `roomId must be an integer from 1 to ${MAX_ID}`))

/** [protocol 3] Every client message and its fields. Objects are closed: a field that is not named here is an error. */
const SHAPES: ReadonlyMap<string, Shape> = new Map(
  Object.entries({
    hello: shape({
      userId: optional(value => (isId(value) ? null : `userId must be an integer from 1 to ${MAX_ID}`)),
      nickname: optional(findNicknameProblem),
      token: optional(value => (typeof value === 'string' && value !== '' ? null : 'token must be a string')),
      protocol: optional(value => (value === 1 ? null : 'protocol must be 1, the version this server speaks')),
    }),
    join_room: shape({roomId}),
    leave_room: shape({roomId}),
    chat: shape({roomId, message: required(checkChat)}),
    heartbeat: shape({}),
    list_rooms: shape({
      limit: optional(value =>
        isIntegerWithin(value, 1, MAX_LISTED_ROOMS) ? null : `limit must be an integer from 1 to ${MAX_LISTED_ROOMS}`,
      ),
    }),
    game_start: shape({
      roomId,
      game: required(value => (typeof value === 'string' && value.isWellFormed() ? null : 'game must be a string')),
      options: optional(checkFreeJson('options')),
    }),
    game_action: shape({roomId, action: required(checkFreeJson('action'))}),
    game_end: shape({
      roomId,
      winner: optional(value => (isId(value) ? null : `winner must be an integer from 1 to ${MAX_ID}`)),
    }),
  } satisfies Record<ClientMessageType, Shape>),
)

/** The types a client may send. */
export const CLIENT_MESSAGE_TYPES = [...SHAPES.keys()] as ClientMessageType[]

/** Turns the text of one frame into a checked message. Holds the verdict on the last frame, so that a good one costs nothing. */
export class MessageParser {
  #problem: ParseProblem | null = null
  readonly #limits: MessageLimits

  constructor(limits: MessageLimits) {
    this.#limits = limits
  }

  /** What was wrong with the frame for which `parse` answered null. */
  get problem(): ParseProblem {
    if (this.#problem === null) throw new Error('the last frame had no problem')
    return this.#problem
  }

  /** Null: the frame is no message; see `problem`. */
  parse(text: string): ClientMessage | null {
    const chat = readPlainChat(text, this.#limits.maxChatCharacters)
    if (chat !== null) return chat
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      // The engine's message quotes the input and differs from version to version; the sender gets our own words.
      return this.#fail({}, 'bad_message', 'not valid JSON')
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.#fail({}, 'bad_message', 'a message must be a JSON object')
    }
    return this.#check(value as Record<string, unknown>)
  }

  #check(value: Record<string, unknown>): ClientMessage | null {
    const {type} = value
    const shape = typeof type === 'string' ? SHAPES.get(type) : undefined
    if (shape === undefined) {
      return this.#fail(value, 'unknown_type', `type must be one of ${CLIENT_MESSAGE_TYPES.join(', ')}`)
    }
    let missing = shape.requiredCount
    for (const key in value) {
      if (key === 'type') continue
      const field = shape.fields.get(key)
      if (field === undefined) return this.#fail(value, 'bad_message', describeStranger(key, type as string))
      const verdict = field.check(value[key], this.#limits)
      if (verdict !== null) {
        return typeof verdict === 'string'
          ? this.#fail(value, 'bad_message', verdict)
          : this.#fail(value, verdict.code, verdict.message)
      }
      if (field.isRequired) missing -= 1
    }
    if (missing > 0) return this.#fail(value, 'bad_message', describeMissing(shape, value, type as string))
    return value as unknown as ClientMessage
  }

  #fail(value: Record<string, unknown>, code: WireErrorCode, message: string): null {
    const {type, seq, roomId} = value
    this.#problem = {
      code,
      message,
      seq: Number.isSafeInteger(seq) && (seq as number) >= 0 ? (seq as number) : undefined,
      messageType: typeof type === 'string' && SHAPES.has(type) ? (type as ClientMessageType) : undefined,
      roomId: isId(roomId) ? roomId : undefined,
    }
    return null
  }
}

function shape(fields: Record<string, Field>): Shape {
  return {
    fields: new Map(Object.entries({...fields, seq})),
    requiredCount: Object.values(fields).filter(field => field.isRequired).length,
  }
}

function required(check: Check): Field {
  return {check, isRequired: true}
}

function optional(check: Check): Field {
  return {check, isRequired: false}
}

function checkChat(value: unknown, limits: MessageLimits): string | Verdict | null {
  if (typeof value !== 'string') return 'message must be a string'
  const max = limits.maxChatCharacters
  // A code point is one or two UTF-16 units, so most lengths decide without counting.
  if (value.length > max && (value.length > 2 * max || [...value].length > max)) {
    return {code: 'message_too_large', message: `message must be at most ${max} characters`}
  }
  if (value === '') return 'message must not be empty'
  return value.isWellFormed() ? null : 'message has a lone surrogate'
}

function checkFreeJson(name: string): Check {
  return (value, limits) => {
    const problem = findJsonProblem(value, limits, 2)
    return problem === null ? null : `${name}: ${problem}`
  }
}

function describeStranger(key: string, type: string): string {
  const shown = key.length > 64 ? `${key.slice(0, 64)}…` : key
  return `${type} has no field ${JSON.stringify(shown.toWellFormed())}`
}

function describeMissing(shape: Shape, value: Record<string, unknown>, type: string): string {
  const names = [...shape.fields].filter(([name, field]) => field.isRequired && !Object.hasOwn(value, name))
  return `${type} needs ${names.map(([name]) => name).join(' and ')}`
}

function isId(value: unknown): value is number {
  return isIntegerWithin(value, 1, MAX_ID)
}

function isIntegerWithin(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
}
