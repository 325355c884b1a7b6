import {z} from 'zod'

import {fillLines} from '../util/fill-lines.js'
import {ADMIN_ROUTES, indexRoute} from './admin-app.js'
import type {AdminRoute} from './route.js'

/** What is read of a JSON schema; `form` is our own, see `idText`. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly description?: string
  readonly form?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** A field of an answer, a parameter, or a field of a body. */
export interface DocumentedField {
  /** From the outermost object, as in `items[].roomId`. */
  readonly path: string
  readonly type: string
  readonly description: string
}

const INTRO = `# The admin channel

<!-- Written by the build from the routes and their schemas. Change src/admin/, not this file. -->

A server that runs can be looked at and steered over a socket of its own: HTTP/1.1 and JSON over a Unix domain socket.
The [commands](commands.md) use it, and so can a program of yours, or curl. There is no TCP port for it; to get at a
server on another machine, use ssh.

\`\`\`console
$ curl --unix-socket "$XDG_RUNTIME_DIR/gs/default.sock" http://gs/v1/ready
{"v":1,"instance":"default","data":{"ready":true}}
$ curl --unix-socket "$XDG_RUNTIME_DIR/gs/default.sock" --json '{"message":"Restart at ten."}' http://gs/v1/notice
{"v":1,"instance":"default","data":{"users":2}}
\`\`\`

The name of the host, here \`gs\`, does not matter.

## Where the socket is

\`gs serve\` prints the path when it is ready. It is \`admin.socket\` of the [configuration](configuration.md); without
that it is \`NAME.sock\`, with the server's \`name\`, in the *run directory*: the first of

1. \`$XDG_RUNTIME_DIR/gs\`, if the variable is set and the directory it names is yours
2. \`/run/gs\`, if somebody made it for the user that runs the server
3. \`gs-UID\` in the folder for temporary files, with the number of the user

The run directory must belong to the user and have the mode 0700; one that does not is refused. A path has at most 103
bytes. A server in a program of yours has a socket only where \`admin.socket\` names one.

Commands look for a server in this order: \`--socket\`, \`--name\`, \`GS_SOCKET\`, \`GS_NAME\`, and at last the only one
that runs in the three places. So what stands on the command line goes before the environment. If several run, they ask
you to say which. An empty flag is refused, so that a script with an unset variable reaches no other server; an empty
variable counts as none.

Beside the socket lie \`NAME.json\`, which says who serves it (\`v\`, \`name\`, \`pid\`, \`socket\`, \`host\`, \`port\`,
\`version\`, \`startedAt\`), and \`NAME.lock\`. The lock makes sure that no second server takes the place of one that runs.
It is freed with its process, however that ends, and the file may stay.

## Who may use it

The socket has the mode 0600: its owner, and root. Whoever can open it may do everything.

\`admin.readOnlySocket\` names a second socket with the mode 0660, for the group of the process, such as a monitor. It
refuses everything that changes something (marked *action* below) with \`not_permitted\`, and all \`POST\`s to plugins.

## Answers

An answer is one object: \`v\`, the version of this channel, now 1; \`instance\`, the name of the server; and \`data\`,
which is what the tables below describe. A failure has none of these but \`error\`, with the [code](errors.md), a message
and a hint, which may be null:

\`\`\`console
$ curl --unix-socket "$XDG_RUNTIME_DIR/gs/default.sock" http://gs/v1/rooms/9
{"error":{"code":"not_found","message":"there is no room 9","hint":"\\"gs room\\" lists those there are."}}
\`\`\`

| status | codes |
|---|---|
| 200 | none. Also for \`GET /v1/ready\` while new clients are welcome |
| 400 | \`usage\` and other mistakes of the request; \`plugin_not_found\`, \`plugin_invalid\`, \`config_invalid\` |
| 403 | \`not_permitted\` |
| 404 | \`not_found\`; \`version_mismatch\` for a route that does not exist |
| 408 | \`timed_out\`: the request did not arrive in time |
| 409 | everything else that is refused, such as \`plugin_disabled\`, \`plugin_failed\`, \`limit_reached\` |
| 411, 413, 431 | a body without a length, a body that is too long, headers that are too long |
| 500 | \`internal\`: a fault of the server; its log has the stack |
| 503 | \`server_busy\`: too many requests at once. Also for \`GET /v1/ready\`, with its answer, while new clients are not welcome |

Times are ISO 8601 in UTC. Numbers are raw, and their units are part of their names: \`Ms\` for milliseconds, \`Bytes\`,
\`Mb\` for millions of bytes. New fields may come in any version, so ignore what you do not know. Fields that are here
stay as they are while \`v\` is 1.

## Requests

Parameters stand in the query, a body is one JSON object; unknown parameters and fields are refused.

| limit | |
|---|---|
| body of a request | 64 KiB, with \`Content-Length\`; no chunks |
| path and headers | 16 KiB |
| a request to arrive, a connection between two requests, a reader that takes nothing of a finished answer | 10 s |
| requests in work, streams included | 8; further ones get \`server_busy\` |
| connections | 64; further ones are closed |

Lists are sorted and cut by the server, with \`sort\`, \`reverse\` and \`limit\`. Items that lack what they are sorted by come
last, and equal ones keep their order.

## Streams

Routes marked *stream* answer NDJSON: one event a line, without \`v\` and \`instance\`. The first line is blank, so that
the head of the answer arrives at once; skip blank lines. A stream that cannot begin answers as any other route does,
with a status and an \`error\`.

The server never waits for a reader. Up to 1000 events wait; then the oldest are dropped, and a line
\`{"dropped":12}\` stands in their place. At most 32 readers follow the log, and as many traces run, at a time. Strings
of the log are escaped, so they can be printed on a terminal as they are.

## Routes

\`GET /v1/\` lists them, and those that running plugins registered, each with these fields:
`

const PLUGIN_CALLS = `### \`GET /v1/:plugin/*\`, \`POST /v1/:plugin/*\`

Calls a route that a plugin registered with [\`host.admin.route\`](plugins.md#admin-routes). Query and body go to the
plugin as they are, and what it returns is \`data\`. A plugin that is disabled answers \`plugin_disabled\`. A \`POST\` is an
action. The list of \`GET /v1/\` does not have them.
`

/** The page that documents the channel and every route. */
export function adminReferencePage(): string {
  return [INTRO, fieldTable(answerFields(indexRoute)), '', ...ADMIN_ROUTES.map(describeRoute), PLUGIN_CALLS].join('\n')
}

/** Every field of a route's answer, in the order of the schema. */
export function answerFields({answer}: AdminRoute): DocumentedField[] {
  return fieldsOf(toSchema(answer, 'output'), '')
}

/** What a request takes. */
export function requestFields({params, query, body}: AdminRoute): Record<'path' | 'query' | 'body', DocumentedField[]> {
  const [path, inQuery, inBody] = [params, query, body].map(schema => fieldsOf(toSchema(schema, 'input'), ''))
  return {path: path ?? [], query: inQuery ?? [], body: inBody ?? []}
}

function describeRoute(route: AdminRoute): string {
  const {method, path, summary, isStream, isAction} = route.info
  const marks = [isAction ? '*action*' : '', isStream ? '*stream*' : ''].filter(mark => mark !== '')
  const request = requestFields(route)
  const answer = answerFields(route)
  return [
    `### \`${method} ${path}\``,
    '',
    fillLines([...marks, summary].join(marks.length > 0 ? ' · ' : '')),
    '',
    ...block('In the path:', request.path),
    ...block('In the query:', request.query),
    ...block('In the body:', request.body),
    ...(route.contentType !== undefined ? ['The answer is text, without an envelope.', ''] : []),
    ...(answer.length === 0 && route.contentType === undefined ? ['The answer is an empty object.', ''] : []),
    ...block(isStream ? 'An event:' : 'The answer:', answer),
  ].join('\n')
}

function block(title: string, fields: readonly DocumentedField[]): string[] {
  return fields.length === 0 ? [] : [title, '', fieldTable(fields), '']
}

function fieldTable(fields: readonly DocumentedField[]): string {
  const rows = fields.map(({path, type, description}) => `| \`${path}\` | ${type} | ${description} |`)
  return ['| field | type | |', '|---|---|---|', ...rows].join('\n')
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  return z.toJSONSchema(schema, {io, unrepresentable: 'any', reused: 'inline'}) as Schema
}

function fieldsOf(schema: Schema, path: string): DocumentedField[] {
  const inner = withoutNull(schema)
  if (inner.items !== undefined) return fieldsOf(inner.items, `${path}[]`)
  return Object.entries(inner.properties ?? {}).flatMap(([name, field]) => {
    const fieldPath = path === '' ? name : `${path}.${name}`
    const isOptional = !(inner.required ?? []).includes(name)
    const own = {path: fieldPath, type: typeOf(field, name, isOptional), description: field.description ?? ''}
    return [own, ...fieldsOf(field, fieldPath)]
  })
}

function typeOf(schema: Schema, name: string, isOptional: boolean): string {
  const inner = withoutNull(schema)
  const initial = schema.default === undefined ? '' : `; default \`${schema.default}\``
  const isLeftOut = isOptional && initial === ''
  const notes = [inner === schema ? '' : ' or null', isLeftOut ? '; may be left out' : '', initial]
  return `${formOf(inner, name)}${notes.join('')}`
}

function formOf(schema: Schema, name: string): string {
  const {type = 'anything', format, form, items} = schema
  if (form !== undefined) return `${form}${unitOf(name)}`
  if (schema.enum !== undefined) return schema.enum.map(value => `\`${value}\``).join(', ')
  if (items !== undefined) return `list of ${items.type}s`
  if (format === 'date-time') return 'time'
  if (format === 'uuid') return 'UUID'
  if (schema.maxLength !== undefined) return `string, at most ${schema.maxLength} characters`
  return `${type}${rangeOf(schema)}${unitOf(name)}`
}

/** The same object when it cannot be null. */
function withoutNull(schema: Schema): Schema {
  const {type, anyOf} = schema
  if (Array.isArray(type)) return {...schema, type: type.find(name => name !== 'null')}
  return anyOf?.find(option => option.type !== 'null') ?? schema
}

/** Bounds that only say that a number is exact or not negative are left out. */
function rangeOf({minimum = 0, maximum = Number.MAX_SAFE_INTEGER}: Schema): string {
  return maximum < Number.MAX_SAFE_INTEGER ? `, ${minimum} to ${maximum}` : ''
}

function unitOf(name: string): string {
  if (name.endsWith('Ms')) return ', ms'
  if (/bytes/i.test(name)) return ', bytes'
  return name.endsWith('Mb') ? ', MB' : ''
}
