import {describe, expect, test} from 'vitest'
import {ConfigError} from '../../../src/config/problems.js'
import {CONTENT_FRAGMENTS, MODELESS_RULES, SECURITY_RULES} from '../../../src/util/security-rules.js'
import {chat, securityWorld, times} from './security-world.js'

describe('content', () => {
  test.for(Object.entries(CONTENT_FRAGMENTS))(
    '%s finds its fragment in any case, and nothing less',
    async ([rule, fragment]) => {
      for (const text of [fragment, fragment.toUpperCase(), `well, ${fragment.toLowerCase()} it is`]) {
        const {say} = await securityWorld()
        expect(say(1, chat(text)), text).toMatchObject({code: 'content_rejected', rule, retryAfterMs: 0})
      }
      const {say} = await securityWorld()
      expect(say(1, chat(fragment.slice(0, -1)))?.rule ?? null).not.toBe(rule)
    },
  )

  test('a chat of 1000 characters passes, one of 1001 does not, whatever a character takes', async () => {
    const {say} = await securityWorld()
    for (const character of ['x', 'é', '🎲']) {
      expect(say(1, chat(character.repeat(1000)))).toBeNull()
      expect(say(1, chat(character.repeat(1001)))).toMatchObject({rule: 'chat_length'})
    }
    expect(say(1, chat(`${'🎲'.repeat(400)}${'x'.repeat(600)}`))).toBeNull()
    expect(say(1, chat(`${'🎲'.repeat(400)}${'x'.repeat(601)}`))).toMatchObject({rule: 'chat_length'})
    expect(say(1, chat('\ud83c'.repeat(1001)))).toMatchObject({rule: 'chat_length'})
  })

  test('a chat that the core found too long counts as one', async () => {
    const {malformed, api} = await securityWorld()
    malformed(1, 'message_too_large')
    expect(api.stats().refusals).toEqual({chat_length: 1})
    expect(await api.show(1)).toMatchObject({violations: 1, suspicion: 1})
  })

  test('rooms up to 1000000 can be joined', async () => {
    const {say} = await securityWorld()
    expect(say(1, {type: 'join_room', roomId: 1_000_000})).toBeNull()
    expect(say(1, {type: 'join_room', roomId: 1_000_001})).toMatchObject({rule: 'room_id'})
    // Whoever is in one already must be able to leave it.
    expect(say(1, {type: 'leave_room', roomId: 1_000_001})).toBeNull()
  })

  test('a message of 65536 bytes passes, a larger one does not', async () => {
    const {say} = await securityWorld()
    expect(say(1, chat(), {sizeBytes: 65_536})).toBeNull()
    expect(say(1, chat(), {sizeBytes: 65_537})).toMatchObject({code: 'message_too_large', rule: 'message_size'})
    expect(say(1, {type: 'game_action', roomId: 1, action: 1}, {sizeBytes: 65_537})).toMatchObject({
      rule: 'message_size',
    })
  })

  test('a rejected message adds 1 to the suspicion, and does not fill the window', async () => {
    const {say, api} = await securityWorld()
    say(1, chat('<script>'))
    expect(await api.show(1)).toMatchObject({suspicion: 1, violations: 1, messagesInMinute: 0})
  })
})

describe('modes', () => {
  const judged = Object.keys(SECURITY_RULES).filter(name => !MODELESS_RULES.has(name))

  test('flag counts and lets through, off does not look', async () => {
    const contentRules = [
      {name: 'script_tag', mode: 'flag'},
      {name: 'eval_call', mode: 'off'},
      {name: 'user_rate', mode: 'flag'},
      {name: 'message_size', mode: 'off'},
    ] as const
    const {say, read, api} = await securityWorld({contentRules: [...contentRules]})
    expect(say(1, chat('<script>eval('))).toBeNull()
    expect(say(1, chat(), {sizeBytes: 100_000})).toBeNull()
    read(
      1,
      times(60, () => chat()),
    )
    expect(api.stats()).toMatchObject({refusals: {}, wouldRefuse: {script_tag: 1, user_rate: 2}, suspiciousUsers: 0})
    expect(api.rules().find(({name}) => name === 'eval_call')).toMatchObject({mode: 'off', wouldRefuse: 0})
  })

  test('every rule that judges has one', async () => {
    for (const mode of ['enforce', 'flag', 'off'] as const) {
      const {api} = await securityWorld({contentRules: judged.map(name => ({name, mode}))})
      expect(
        api
          .rules()
          .filter(({name}) => !MODELESS_RULES.has(name))
          .map(rule => rule.mode),
      ).toEqual(judged.map(() => mode))
    }
  })

  test('change while running, and the counts stay', async () => {
    const {say, api, configure} = await securityWorld()
    say(1, chat('<script>'))
    configure({contentRules: [{name: 'script_tag', mode: 'off'}]})
    expect(say(1, chat('<script>'))).toBeNull()
    configure({})
    expect(say(1, chat('<script>'))).toMatchObject({rule: 'script_tag'})
    expect(api.stats().refusals).toEqual({script_tag: 2})
  })
})

describe('patterns of one’s own', () => {
  test('are searched for in any case, by a name of their own, and come and go while running', async () => {
    const contentRules = [{name: 'free_coins', pattern: 'free\\s+coins?', mode: 'enforce'}] as const
    const {say, api, configure} = await securityWorld({contentRules: [...contentRules]})
    expect(say(1, chat('get FREE  coin now'))).toMatchObject({code: 'content_rejected', rule: 'free_coins'})
    expect(say(1, chat('freecoins'))).toBeNull()
    configure({})
    expect(say(1, chat('free coins'))).toBeNull()
    expect(api.rules().find(({name}) => name === 'free_coins')).toMatchObject({mode: 'off', refused: 1})
  })

  test('that would take for ever elsewhere do not', async () => {
    const {say} = await securityWorld({contentRules: [{name: 'evil', pattern: '^(\\w+\\s?)*$', mode: 'enforce'}]})
    const startMs = performance.now()
    expect(say(1, chat(`${'a '.repeat(400)}!`))).toBeNull()
    // Backtracking would take longer than the universe has.
    expect(performance.now() - startMs).toBeLessThan(5000)
  })

  test.for([
    ['a look-ahead', {name: 'mine', pattern: '(?=a)', mode: 'flag'}],
    ['a bracket too few', {name: 'mine', pattern: '(a', mode: 'flag'}],
    ['the name of a rule that exists', {name: 'user_rate', pattern: 'a', mode: 'flag'}],
    ['no pattern and a name of its own', {name: 'mine', mode: 'flag'}],
    ['no mode', {name: 'mine', pattern: 'a'}],
    ['a mode that is none', {name: 'user_rate', mode: 'maybe'}],
    ['a rule that cannot be switched off', {name: 'blocked_user', mode: 'off'}],
    ['a key too many', {name: 'user_rate', mode: 'off', limit: 3}],
  ])('with %s are refused', async ([, rule]) => {
    await expect(securityWorld({contentRules: [rule as never]})).rejects.toThrow(ConfigError)
    await expect(securityWorld({contentRules: [rule as never]})).rejects.toThrow('security.contentRules[0]')
  })
})
