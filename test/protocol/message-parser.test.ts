import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {ClientMessageType} from '../../src/contract/messages.js'
import {CLIENT_MESSAGE_TYPES, MessageParser} from '../../src/protocol/message-parser.js'

const LIMITS = {maxDepth: 16, maxKeys: 64, maxChatCharacters: 10}

/** The code of the problem, or `ok`. */
function judge(text: string): string {
  const parser = new MessageParser(LIMITS)
  return parser.parse(text) === null ? parser.problem.code : 'ok'
}

function problemOf(text: string) {
  const parser = new MessageParser(LIMITS)
  expect(parser.parse(text)).toBeNull()
  return parser.problem
}

/** A right message of each type, with every field it may have, as JSON texts so that odd numbers keep their spelling. */
const COMPLETE: Record<ClientMessageType, Record<string, string>> = {
  hello: {userId: '7', nickname: '"ann"', token: '"x.y.z"', protocol: '1'},
  join_room: {roomId: '7'},
  leave_room: {roomId: '7'},
  chat: {roomId: '7', message: '"hi"'},
  heartbeat: {},
  list_rooms: {limit: '20'},
  game_start: {roomId: '7', game: '"relay"', options: '{"a":[1]}'},
  game_action: {roomId: '7', action: '{"a":[1]}'},
  game_end: {roomId: '7', winner: '7'},
}

const REQUIRED: Partial<Record<ClientMessageType, readonly string[]>> = {
  join_room: ['roomId'],
  leave_room: ['roomId'],
  chat: ['roomId', 'message'],
  game_start: ['roomId', 'game'],
  game_action: ['roomId', 'action'],
  game_end: ['roomId'],
}

function json(type: string, fields: Record<string, string>): string {
  return `{${Object.entries({type: JSON.stringify(type), ...fields}).map(([key, value]) => `"${key}":${value}`)}}`
}

const ID = {
  good: ['1', '7', '4294967295', '1.0', '7e0', '4294967295.0'],
  bad: [
    '0',
    '-0',
    '-1',
    '1.5',
    '4294967296',
    '9007199254740993',
    '1e999',
    '-1e999',
    '"7"',
    'true',
    '{}',
    '[7]',
    'null',
  ],
}
const FREE_JSON = {
  good: ['null', '0', '-0', '1e308', '""', '"x"', 'true', '[]', '{}', '[[1],{"a":null}]', '{"type":"hello"}'],
  bad: [
    '1e999',
    '-1e999',
    '[1e999]',
    '{"a":1e999}',
    '"\\ud800"',
    '["\\udfff"]',
    '{"\\ud800":1}',
    '{"a":{"__proto__":1}}',
  ],
}

const VALUES: Record<string, {good: readonly string[]; bad: readonly string[]}> = {
  userId: ID,
  roomId: ID,
  winner: ID,
  nickname: {
    good: ['"a"', `"${'x'.repeat(32)}"`, `"${'😀'.repeat(32)}"`],
    bad: ['""', '" "', `"${'x'.repeat(33)}"`, '"a\\nb"', '"\\ud800"', '7', 'null', '[]', '{}', 'true'],
  },
  token: {good: ['"x"'], bad: ['""', '7', 'null', '[]', '{}', 'true']},
  protocol: {good: ['1', '1.0'], bad: ['0', '2', '-1', '1.5', '1e999', '"1"', 'null', 'true', '[1]', '{}']},
  limit: {good: ['1', '20', '100'], bad: ['0', '101', '-1', '1.5', '1e999', '"20"', 'null', 'true', '[1]', '{}']},
  game: {good: ['"x"', '""'], bad: ['7', 'null', '[]', '{}', 'true', '"\\ud800"']},
  message: {
    good: ['"x"', '" "', '"\\u0000\\n\\u001b"', '"0123456789"', `"${'😀'.repeat(10)}"`],
    bad: ['""', '7', 'null', '[]', '{}', 'true', '"\\ud800"', '"\\udc00x"', '1e999'],
  },
  options: FREE_JSON,
  action: FREE_JSON,
}

const SEQ = {
  good: ['0', '-0', '1', '9007199254740991', '1.0'],
  bad: ['-1', '1.5', '9007199254740992', '1e999', '"1"', 'null', 'true', '[1]', '{}'],
}

describe.for(CLIENT_MESSAGE_TYPES)('%s', type => {
  const complete = COMPLETE[type]
  const required = REQUIRED[type] ?? []

  test('passes with all fields, with only those it needs, and comes out as it was written', () => {
    expect(judge(json(type, complete))).toBe('ok')
    const least = Object.fromEntries(required.map(name => [name, complete[name] as string]))
    expect(judge(json(type, least))).toBe('ok')
    const text = json(type, {...complete, seq: '5'})
    expect(new MessageParser(LIMITS).parse(text)).toEqual(JSON.parse(text))
  })

  test('needs what it needs, and says what is missing', () => {
    for (const name of required) {
      const {[name]: _, ...rest} = complete
      expect(problemOf(json(type, rest))).toMatchObject({code: 'bad_message', message: expect.stringContaining(name)})
    }
  })

  test('takes each right value of each field, and no wrong one', () => {
    for (const name of Object.keys(complete)) {
      const values = VALUES[name]
      for (const good of values?.good ?? [])
        expect(judge(json(type, {...complete, [name]: good})), `${name}: ${good}`).toBe('ok')
      for (const bad of values?.bad ?? []) {
        expect(judge(json(type, {...complete, [name]: bad})), `${name}: ${bad}`).toBe('bad_message')
      }
    }
  })

  test('takes a number to answer to, and repeats only a right one', () => {
    for (const good of SEQ.good) expect(judge(json(type, {...complete, seq: good})), good).toBe('ok')
    for (const bad of SEQ.bad) {
      const {code, seq} = problemOf(json(type, {...complete, seq: bad}))
      expect({code, seq}, bad).toEqual({code: 'bad_message', seq: undefined})
    }
    expect(problemOf(json(type, {...complete, stranger: '1', seq: '5'}))).toMatchObject({seq: 5, messageType: type})
  })

  test('takes no field that it has no use for', () => {
    const strangers = Object.entries(VALUES).map(([name, {good}]) => [name, good[0] as string] as const)
    const oddities = ['x', '', 'Type', 'userid', 'toString', 'hasOwnProperty', '0'].map(name => [name, '1'] as const)
    for (const [name, value] of [...strangers, ...oddities]) {
      const verdict = Object.hasOwn(complete, name) ? 'ok' : 'bad_message'
      expect(judge(json(type, {...complete, [name]: value})), name).toBe(verdict)
    }
  })

  test('takes no key that could change an object, plain or escaped, at the top or below', () => {
    const hostile = ['__proto__', 'constructor', 'prototype', '\\u005f_proto__', '\\u0063onstructor', 'proto\\u0074ype']
    for (const key of hostile) {
      for (const value of ['1', 'null', '{"polluted":true}']) {
        expect(judge(json(type, {...complete, [key]: value})), key).toBe('bad_message')
      }
      for (const name of ['options', 'action'].filter(field => Object.hasOwn(complete, field))) {
        for (const value of [`{"${key}":1}`, `[{"a":{"${key}":{"polluted":true}}}]`]) {
          expect(judge(json(type, {...complete, [name]: value})), `${name}: ${value}`).toBe('bad_message')
        }
      }
    }
    expect({}).not.toHaveProperty('polluted')
  })

  test('of two fields of one name the last counts', () => {
    const [first] = Object.keys(complete)
    if (first === undefined) return
    const good = complete[first] as string
    const bad = VALUES[first]?.bad[0] as string
    const rest = json(type, complete).slice(0, -1)
    expect(judge(`${rest},"${first}":${bad}}`)).toBe('bad_message')
    expect(judge(`${rest},"${first}":${bad},"${first}":${good}}`)).toBe('ok')
  })
})

describe('a type', () => {
  test.for([
    '"dance"',
    '""',
    '"CHAT"',
    '"chat "',
    '"toString"',
    '"__proto__"',
    '"constructor"',
    '"has\\u0000nul"',
    '"\\ud800"',
    '7',
    'null',
    'true',
    '["chat"]',
    '{"type":"chat"}',
    '1e999',
  ])('%s is unknown', type => {
    expect(problemOf(`{"type":${type},"seq":3,"roomId":7}`)).toMatchObject({
      code: 'unknown_type',
      messageType: undefined,
      seq: 3,
      roomId: 7,
    })
  })

  test('that is missing is unknown, whatever else is there', () => {
    expect(judge('{}')).toBe('unknown_type')
    expect(judge('{"__proto__":{"type":"heartbeat"}}')).toBe('unknown_type')
  })

  test('counts as it is written last', () => {
    expect(judge('{"type":"dance","type":"heartbeat"}')).toBe('ok')
    expect(judge('{"type":"heartbeat","type":"dance"}')).toBe('unknown_type')
  })
})

describe('a frame that is no object', () => {
  test.for([
    ...[
      '',
      ' ',
      '{',
      '}',
      '{"type":"heartbeat"',
      '{"type":"heartbeat"}}',
      '{"type":"heartbeat"} {}',
      "{'type':'heartbeat'}",
    ],
    ...[
      '{type:"heartbeat"}',
      '{"type":"heartbeat",}',
      '[]',
      '[{"type":"heartbeat"}]',
      'null',
      'true',
      '7',
      '"heartbeat"',
    ],
    ...[
      'NaN',
      'Infinity',
      'undefined',
      '\0',
      '\ufeff{"type":"heartbeat"}',
      '{"type":"heartbeat"}\0',
      '{"type":"heart\nbeat"}',
    ],
    ...[
      '{"type":"heartbeat","seq":01}',
      '{"type":"heartbeat","seq":+1}',
      '{"type":"heartbeat","seq":.5}',
      '{"type":"heartbeat","seq":0x1}',
    ],
    ...['{"type":"heartbeat","seq":NaN}', '{"type":"\\x68"}', '// no comment\n{}'],
  ])('%j is no message', text => {
    expect(problemOf(text)).toEqual({
      code: 'bad_message',
      message: expect.stringMatching(/^(not valid JSON|a message must be a JSON object)$/),
      seq: undefined,
      messageType: undefined,
      roomId: undefined,
    })
  })

  test('white space around an object is fine', () => {
    expect(judge(' \t\r\n{"type" : "heartbeat"} \r')).toBe('ok')
  })
})

describe('the shape of free JSON', () => {
  const nested = (levels: number, open: string, close: string) => `${open.repeat(levels)}1${close.repeat(levels)}`
  const act = (action: string) => judge(`{"type":"game_action","roomId":7,"action":${action}}`)

  test.for([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
    ['both', '[{"a":', '}]'],
  ] as const)('may be sixteen levels deep, the message included (%s)', ([, open, close]) => {
    const levels = open.length === 6 && open.startsWith('[') ? 7 : 15
    expect(act(nested(levels, open, close))).toBe('ok')
    expect(act(nested(levels + 1, open, close))).toBe('bad_message')
  })

  test.for([17, 1000, 10_000, 60_000])('is refused at %i levels without a look at all of them', levels => {
    expect(act(nested(levels, '[', ']'))).toBe('bad_message')
    expect(judge(`${'['.repeat(levels)}${']'.repeat(levels)}`)).toBe('bad_message')
  })

  test('may have 64 keys in an object', () => {
    const object = (keys: number) =>
      JSON.stringify(Object.fromEntries(Array.from({length: keys}, (_, key) => [`k${key}`, key])))
    expect(act(object(64))).toBe('ok')
    expect(act(object(65))).toBe('bad_message')
    expect(act(`[[${object(65)}]]`)).toBe('bad_message')
    expect(act(`[${object(64)},${object(64)}]`)).toBe('ok')
    expect(judge(`{"type":"game_start","roomId":7,"game":"relay","options":${object(65)}}`)).toBe('bad_message')
  })

  test('may be a long list', () => {
    expect(act(JSON.stringify(Array(30_000).fill(0)))).toBe('ok')
  })
})

describe('the length of a chat', () => {
  test('is counted in code points, and too much of it has a code of its own', () => {
    const chat = (message: string) => judge(JSON.stringify({type: 'chat', roomId: 7, message}))
    expect(chat('x'.repeat(10))).toBe('ok')
    expect(chat('x'.repeat(11))).toBe('message_too_large')
    expect(chat('😀'.repeat(10))).toBe('ok')
    expect(chat('😀'.repeat(11))).toBe('message_too_large')
    expect(chat(`${'😀'.repeat(9)}xx`)).toBe('message_too_large')
    expect(chat('\n'.repeat(65_000))).toBe('message_too_large')
  })
})

test('the name of a strange field is shown, cut and well-formed', () => {
  expect(problemOf('{"type":"heartbeat","x\\ud800":1}').message).toBe('heartbeat has no field "x\ufffd"')
  expect(problemOf(`{"type":"heartbeat","${'y'.repeat(1000)}":1}`).message).toHaveLength(90)
  expect(problemOf(`{"type":"heartbeat","${'y'.repeat(63)}😀":1}`).message.isWellFormed()).toBe(true)
})

test('nothing that JSON can say makes the parser throw or lets a wrong type through', () => {
  const value = fc.jsonValue({maxDepth: 3})
  const type = fc.constantFrom(...CLIENT_MESSAGE_TYPES)
  const key = fc.constantFrom(
    'roomId',
    'message',
    'userId',
    'nickname',
    'seq',
    'limit',
    'game',
    'options',
    'action',
    'winner',
  )
  fc.assert(
    fc.property(type, fc.dictionary(key, value, {noNullPrototype: true}), (name, fields) => {
      const message = new MessageParser(LIMITS).parse(JSON.stringify({...fields, type: name})) as Record<
        string,
        unknown
      > | null
      if (message === null) return
      for (const id of ['roomId', 'userId', 'winner', 'seq', 'limit']) {
        expect(['number', 'undefined']).toContain(typeof message[id])
      }
      for (const text of ['message', 'nickname', 'game'])
        expect(['string', 'undefined']).toContain(typeof message[text])
    }),
    {numRuns: 2000},
  )
})
