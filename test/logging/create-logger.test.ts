import {mkdirSync, readFileSync, renameSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {createLogger, type LoggerOptions} from '../../src/logging/create-logger.js'
import {namedPipe} from '../helpers/named-pipe.js'
import {tempFolder} from '../helpers/temp-folder.js'

const options: LoggerOptions = {level: 'info', file: null, isTerminal: false, hasColor: false}

async function logged(
  run: (log: ReturnType<typeof createLogger>) => void,
  more: Partial<LoggerOptions> = {},
): Promise<string> {
  const file = join(tempFolder(), 'gs.log')
  const log = createLogger({...options, file, ...more})
  run(log)
  await log.close(5000)
  return readFileSync(file, 'utf8')
}

test('a line of JSON has level, ISO time, fields and message', async () => {
  const [line, end] = (await logged(log => log.warn({userId: 42, err: new Error('x')}, 'hm'))).split('\n') as [
    string,
    string,
  ]
  expect(end).toBe('')
  const {time, ...fields} = JSON.parse(line)
  expect(fields).toEqual({
    level: 'warn',
    userId: 42,
    msg: 'hm',
    err: expect.objectContaining({message: 'x', stack: expect.any(String)}),
  })
  expect(new Date(time).toISOString()).toBe(time)
})

test('lines below the level are left out, and the level can change', async () => {
  const text = await logged(log => {
    log.debug({}, 'one')
    log.setLevel('debug')
    log.debug({}, 'two')
    log.setLevel('silent')
    log.error({}, 'three')
  })
  expect(text.match(/"msg":"\w+"/g)).toEqual(['"msg":"two"'])
})

test('strings of clients bring no control characters into JSON either, and stay what they are', async () => {
  const evil = '\u001b[2J\u0007\u007f\u009b2J\u202e\u2066\u200b\ud800\n"'
  const text = await logged(log => log.info({nickname: evil, [evil]: 1}, evil))
  expect(text.trimEnd()).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200b\p{Surrogate}]/u)
  expect(JSON.parse(text)).toMatchObject({nickname: evil, msg: evil})
})

describe('a log file', () => {
  test('is for its owner only, and is appended to', async () => {
    const file = join(tempFolder(), 'gs.log')
    for (const message of ['one', 'two']) {
      const log = createLogger({...options, file, isTerminal: true})
      log.info({}, message)
      await log.close(5000)
    }
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(
      readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line).msg),
    ).toEqual(['one', 'two'])
  })

  test('that was moved away is begun anew, and no line is lost or cut', async () => {
    const folder = tempFolder()
    const [file, moved] = [join(folder, 'gs.log'), join(folder, 'gs.log.1')]
    const log = createLogger({...options, file})
    const write = (from: number) => {
      for (let index = from; index < from + 300; index += 1) log.info({index}, 'x'.repeat(1000))
    }
    write(0)
    log.reopen()
    renameSync(file, moved)
    write(300)
    log.reopen()
    write(600)
    await log.flush(5000)
    log.reopen()
    log.info({index: 900}, 'last')
    await log.close(5000)
    log.reopen()
    const [before, after] = [moved, file].map(path => readFileSync(path, 'utf8').trimEnd().split('\n'))
    const indexes = [...(before ?? []), ...(after ?? [])].map(line => JSON.parse(line).index)
    expect(indexes).toEqual(Array.from({length: 901}, (_, index) => index))
    expect(after?.length).toBeGreaterThan(1)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('that cannot be begun anew goes on where it was', async () => {
    const folder = tempFolder()
    const [file, moved] = [join(folder, 'gs.log'), join(folder, 'gs.log.1')]
    const log = createLogger({...options, file})
    renameSync(file, moved)
    mkdirSync(file)
    expect(() => log.reopen()).toThrow(expect.objectContaining({code: 'file_unwritable'}))
    log.info({}, 'still here')
    await log.close(5000)
    expect(readFileSync(moved, 'utf8')).toContain('still here')
  })

  test('that cannot be opened is refused', () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'taken'))
    writeFileSync(join(folder, 'file'), '')
    for (const file of ['taken', 'none/gs.log', 'file/gs.log']) {
      expect(() => createLogger({...options, file: join(folder, file)})).toThrow(
        expect.objectContaining({code: 'file_unwritable'}),
      )
    }
  })
})

test('what was dropped while nobody read is counted in the log itself', async () => {
  const pipe = namedPipe()
  const log = createLogger({...options, fd: pipe.writeFd, limitBytes: 100_000})
  for (let index = 0; index < 2000; index += 1) log.info({index}, 'x'.repeat(200))
  await log.flush(20)
  let text = ''
  while (!text.includes('droppedLines')) {
    text += pipe.read()
    await log.flush(20)
  }
  text += pipe.read()
  const lines = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  const report = lines.find(({droppedLines}) => droppedLines !== undefined)
  expect(report).toMatchObject({level: 'warn', msg: 'log lines were dropped because nobody read them in time'})
  expect(report.droppedLines).toBe(2000 - (lines.length - 1))
  await log.close(100)
})

test('a terminal gets lines for people', async () => {
  const pipe = namedPipe()
  const log = createLogger({...options, fd: pipe.writeFd, isTerminal: true})
  log.info({roomId: 7}, 'room created')
  await log.flush(5000)
  expect(pipe.read()).toMatch(/^\d\d:\d\d:\d\d\.\d{3}Z INFO {2}room created roomId=7\n$/)
  await log.close(100)
})

test('closing twice is safe, and what is logged later is ignored', async () => {
  const file = join(tempFolder(), 'gs.log')
  const log = createLogger({...options, file})
  await Promise.all([log.close(1000), log.close(1000)])
  log.info({}, 'late')
  await log.flush(1000)
  await log.close(1000)
  expect(readFileSync(file, 'utf8')).toBe('')
})
