import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import type {Dropped, LogEvent} from '../../src/contract/admin.js'
import {createLogger, type LoggerOptions, type ServerLogger} from '../../src/logging/create-logger.js'
import {logHistoryOf, type ReadOptions} from '../../src/logging/log-history.js'
import {tempFolder} from '../helpers/temp-folder.js'

function logger(more: Partial<LoggerOptions> = {}): ServerLogger {
  const file = join(tempFolder(), 'gs.log')
  const log = createLogger({level: 'debug', file, isTerminal: false, hasColor: false, ...more})
  onTestFinished(() => log.close(1000))
  return log
}

async function read(log: ServerLogger, options: ReadOptions = {}): Promise<LogEvent[]> {
  const events: LogEvent[] = []
  for await (const event of log.history.read(options)) events.push(event as LogEvent)
  return events
}

const messages = (events: readonly LogEvent[]) => events.map(({message}) => message)

test('past lines are read oldest first, with level, time, message and fields', async () => {
  const log = logger()
  log.info({userId: 42, deep: {list: [1, null]}}, 'one')
  log.warn({}, 'two')
  const [one, two] = await read(log)
  expect(one).toEqual({
    time: expect.any(String),
    level: 'info',
    message: 'one',
    fields: {userId: 42, deep: {list: [1, null]}},
  })
  expect(new Date(String(one?.time)).toISOString()).toBe(one?.time)
  expect(two).toMatchObject({level: 'warn', message: 'two', fields: {}})
})

test('the level and the number of lines are the reader’s choice', async () => {
  const log = logger()
  for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]({}, level)
  expect(messages(await read(log, {level: 'warn'}))).toEqual(['warn', 'error'])
  expect(messages(await read(log, {lines: 3}))).toEqual(['info', 'warn', 'error'])
  expect(messages(await read(log, {level: 'info', lines: 1}))).toEqual(['error'])
  expect(await read(log, {lines: 0})).toEqual([])
})

test('what the log leaves out is not in its history', async () => {
  const log = logger({level: 'warn'})
  log.info({}, 'unseen')
  log.setLevel('info')
  log.info({}, 'seen')
  expect(messages(await read(log))).toEqual(['seen'])
})

test('whoever follows gets what is there and then what comes, from a level on', async () => {
  const log = logger()
  log.info({}, 'before')
  const following = log.history.read({level: 'info', isFollowed: true})
  expect((await following.next()).value).toMatchObject({message: 'before'})
  log.debug({}, 'too low')
  log.error({}, 'after')
  expect((await following.next()).value).toMatchObject({level: 'error', message: 'after'})
  const last = following.next()
  await log.close(1000)
  expect((await last).done).toBe(true)
})

test('a follower who does not read loses the oldest lines and is told how many', async () => {
  const log = logger()
  const following = log.history.read({isFollowed: true})
  for (let index = 0; index < 1500; index += 1) log.info({}, `line ${index}`)
  expect((await following.next()).value).toEqual({dropped: 500} satisfies Dropped)
  expect((await following.next()).value).toMatchObject({message: 'line 500'})
  await following.return?.()
})

test('a follower who is gone costs nothing any more, and makes room', async () => {
  const log = logger()
  const readers = Array.from({length: 32}, () => log.history.read({isFollowed: true}))
  const controller = new AbortController()
  expect(() => log.history.read({isFollowed: true})).toThrow(expect.objectContaining({code: 'limit_reached'}))
  await readers[0]?.return?.()
  const abortable = log.history.read({isFollowed: true, signal: controller.signal})
  controller.abort()
  expect((await abortable.next()).done).toBe(true)
  log.history.read({isFollowed: true})
  expect(() => log.history.read({isFollowed: true})).toThrow('32')
})

test('the history is bounded in lines and in bytes', async () => {
  const log = logger()
  for (let index = 0; index < 1001; index += 1) log.info({index}, 'x')
  const short = await read(log)
  expect(short).toHaveLength(1000)
  expect(short[0]?.fields).toEqual({index: 1})
  for (let index = 0; index < 200; index += 1) log.info({index, text: 'x'.repeat(10_000)}, 'long')
  const long = await read(log)
  expect(long.length).toBeGreaterThan(100)
  expect(JSON.stringify(long).length).toBeLessThan(1_100_000)
  expect(long.at(-1)?.fields).toMatchObject({index: 199})
})

test('a line that is far too long is kept without its fields', async () => {
  const log = logger()
  log.error({text: 'x'.repeat(2_000_000)}, 'y'.repeat(5000))
  expect(await read(log)).toEqual([
    {time: expect.any(String), level: 'error', message: 'y'.repeat(1000), fields: {omittedBytes: expect.any(Number)}},
  ])
})

test('strings of clients stay escaped, in names, values and messages; a stack keeps its lines', async () => {
  const evil = '\u001b[2J\u009b2J\u202e\u200b\ud800\n"'
  const log = logger()
  log.info({nickname: evil, [evil]: [{inner: evil}], err: new Error(evil)}, evil)
  const [event] = (await read(log)) as [LogEvent]
  const escaped = '\\u001b[2J\\u009b2J\\u202e\\u200b\\ud800\\u000a"'
  expect(event).toMatchObject({message: escaped, fields: {nickname: escaped, [escaped]: [{inner: escaped}]}})
  const {message, stack} = event.fields.err as {message: string; stack: string}
  expect(message).toBe(escaped)
  expect(stack.split('\n').length).toBeGreaterThan(2)
  expect(stack.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200b\p{Surrogate}]/u)
})

test('fields that are named like the line’s own do not change its level or time', async () => {
  const log = logger()
  log.warn({level: 'debug', time: 'never'}, 'real')
  expect(await read(log, {level: 'warn'})).toEqual([
    {time: expect.stringMatching(/^\d{4}-/), level: 'warn', message: 'real', fields: {}},
  ])
})

test('a logger of an embedding program has no history', () => {
  expect(logHistoryOf({info() {}})).toBeUndefined()
  const log = logger()
  expect(logHistoryOf(log)).toBe(log.history)
})
