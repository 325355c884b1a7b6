import {z} from 'zod'

import type {RouteInfo} from '../contract/admin.js'
import {GsError} from '../errors.js'
import {MAX_ID} from '../protocol/limits.js'
import type {AdminBackend} from './backend.js'

/** What a route's handler is given, checked by the route's schemas. */
export interface RouteInput<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Aborted when the client goes away or the server closes. */
  readonly signal: AbortSignal
  /** Runs a task once the answer is on its way: for what ends the channel itself. */
  afterAnswer(task: () => void): void
}

/** One route: what is documented, checked and run. */
export interface AdminRoute {
  readonly info: RouteInfo
  readonly params: z.ZodType
  readonly query: z.ZodType
  readonly body: z.ZodType
  /** Of the answer's data; of one event for a stream. */
  readonly answer: z.ZodType
  /** The answer is text of this type, without an envelope. Undefined: JSON. */
  contentType?(query: unknown): string
  run(backend: AdminBackend, input: RouteInput<unknown, unknown, unknown>): unknown
}

const NOTHING = z.strictObject({})
const MAX_MESSAGE_CHARACTERS = 1000

/** Defines a route; a stream's `run` returns an async iterable of events. */
export function route<Params = object, Query = object, Body = object, Answer = unknown>(definition: {
  method: RouteInfo['method']
  path: string
  summary: string
  isStream?: boolean
  isAction?: boolean
  params?: z.ZodType<Params>
  query?: z.ZodType<Query>
  body?: z.ZodType<Body>
  answer: z.ZodType<Answer>
  contentType?: (query: Query) => string
  run(
    backend: AdminBackend,
    input: RouteInput<Params, Query, Body>,
  ): Answer | Promise<Answer> | AsyncIterable<Answer | {dropped: number}>
}): AdminRoute {
  const {method, path, summary, isStream = false, isAction = method === 'POST', answer, contentType, run} = definition
  return {
    info: {method, path, summary, isStream, isAction},
    params: definition.params ?? NOTHING,
    query: definition.query ?? NOTHING,
    body: definition.body ?? NOTHING,
    answer,
    ...(contentType !== undefined && {contentType: contentType as (query: unknown) => string}),
    run: run as AdminRoute['run'],
  }
}

/** An id in a path or a query. Its `form` is for the documentation, which cannot see what a text is turned into. */
export const idText = z
  .string()
  .regex(/^[1-9]\d{0,9}$/, `must be an integer from 1 to ${MAX_ID}`)
  .transform(Number)
  .refine(id => id <= MAX_ID, `must be an integer from 1 to ${MAX_ID}`)
  .meta({form: `integer, 1 to ${MAX_ID}`})

/** A whole number in a query. */
export function countText(min: number, max: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d{1,12}$/, `must be an integer from ${min} to ${max}`)
    .transform(Number)
    .refine(value => value >= min && value <= max, `must be an integer from ${min} to ${max}`)
    .meta({form: `integer, ${min} to ${max}`}) as never
}

/** `true` or `false` in a query. */
export const flagText = z
  .enum(['true', 'false'])
  .transform(text => text === 'true')
  .meta({form: '`true`, `false`'})

/** A sentence from an operator to users. */
export const messageText = z
  .string()
  .refine(text => text !== '' && Array.from(text).length <= MAX_MESSAGE_CHARACTERS, {
    message: `must have 1 to ${MAX_MESSAGE_CHARACTERS} characters`,
  })
  .meta({minLength: 1, maxLength: MAX_MESSAGE_CHARACTERS, description: 'What the users are told.'})

export function noSuchRoom(roomId: number | undefined): GsError {
  return new GsError('not_found', `there is no room ${roomId}`, {hint: '"gs room" lists those there are.'})
}

export function noSuchUser(userId: number): GsError {
  return new GsError('not_found', `there is no connected user ${userId}`, {hint: '"gs user" lists those there are.'})
}
