import {describe, expect, test} from 'vitest'
import type {GameOutcomeKind} from '../../src/contract/codes.js'
import type {ServerMessage} from '../../src/contract/messages.js'
import {CLOSE_REASONS, ERRORS} from '../../src/errors.js'
import {createFrameReader} from '../../src/protocol/framing.js'
import {CLIENT_MESSAGE_TYPES, MessageParser} from '../../src/protocol/message-parser.js'
import {codeBlocks, quoted, readPage, section, tableRows} from './markdown.js'

// The compiler sees to it that both lists are complete.
const serverTypes = Object.keys({
  welcome: true,
  room_joined: true,
  room_left: true,
  room_closed: true,
  member_joined: true,
  member_left: true,
  members_changed: true,
  chat: true,
  game_started: true,
  game_state: true,
  game_action: true,
  game_ended: true,
  room_list: true,
  heartbeat: true,
  ack: true,
  notice: true,
  error: true,
  goodbye: true,
} satisfies Record<ServerMessage['type'], true>)
const outcomes = Object.keys({
  finished: true,
  abandoned: true,
  failed: true,
  room_closed: true,
} satisfies Record<GameOutcomeKind, true>)

const page = readPage('docs/protocol.md')
const blocks = codeBlocks(page)

/** The examples of one side: those in blocks of their own, and those in the session. */
function linesOf(side: 'client' | 'server'): string[] {
  const own = blocks.filter(({kind}) => kind === `json ${side}`).flatMap(({text}) => text.trim().split('\n'))
  const mark = side === 'client' ? '> ' : '< '
  const session = blocks.filter(({kind}) => kind === 'session').flatMap(({text}) => text.trim().split('\n'))
  return [...own, ...session.filter(line => line.startsWith(mark)).map(line => line.slice(mark.length))]
}

describe('docs/protocol.md', () => {
  const clientLines = linesOf('client')
  const serverFrames = linesOf('server').map(line => JSON.parse(line))

  test.each(clientLines)('the server takes %s', line => {
    const parser = new MessageParser({maxDepth: 16, maxKeys: 64, maxChatCharacters: 1000})
    const message = parser.parse(line)
    expect(message === null ? parser.problem : null).toBeNull()
  })

  test('every line of the session is of one side or the other', () => {
    const session = blocks.filter(({kind}) => kind === 'session').map(({text}) => text)
    expect(session).toHaveLength(1)
    expect(session[0]).toMatch(/^(?:[<>] \{.*\}\n)+$/)
  })

  test('has a heading and an example for every type, and for no others', () => {
    const headings = (of: string) =>
      [...section(page, of).matchAll(/^### (.*_?`.*)$/gm)].map(([, text]) => quoted(text))
    expect(headings('## What a client sends')).toEqual(CLIENT_MESSAGE_TYPES)
    expect(headings('## What the server sends')).toEqual(serverTypes)
    expect(new Set(clientLines.map(line => JSON.parse(line).type))).toEqual(new Set(CLIENT_MESSAGE_TYPES))
    expect(new Set(serverFrames.map(({type}) => type))).toEqual(new Set(serverTypes))
  })

  test('lists every code of an error, and no others', () => {
    const codes = Object.entries(ERRORS).flatMap(([code, {isWire}]) => (isWire ? [code] : []))
    expect(tableRows(section(page, '## Errors')).map(([code]) => quoted(code))).toEqual(codes)
    for (const {type, code} of serverFrames) if (type === 'error') expect(codes).toContain(code)
  })

  test('lists every close reason and says which are told, and no others', () => {
    expect(
      tableRows(section(page, '## How a connection ends')).map(([reason, told]) => [quoted(reason), told]),
    ).toEqual(Object.entries(CLOSE_REASONS).map(([reason, {isTold}]) => [reason, isTold ? 'yes' : 'no']))
    for (const {type, reason} of serverFrames) if (type === 'goodbye') expect(CLOSE_REASONS).toHaveProperty(reason)
  })

  test('names every outcome of a game', () => {
    for (const outcome of outcomes) expect(section(page, '### `game_ended`')).toContain(`\`${outcome}\``)
  })

  test('the bytes of the length-prefixed example are that frame', () => {
    const [example] = blocks.filter(({kind}) => kind === 'hex')
    const reader = createFrameReader('length-prefixed', 4096)
    reader.push(Buffer.from(example?.text.replaceAll(/\s/g, '') ?? '', 'hex'))
    expect([reader.next(), reader.next(), reader.interruption]).toEqual(['{"type":"hello"}', null, 'incomplete'])
    expect(reader.hasPartialFrame).toBe(false)
  })
})
