import {fstatSync, openSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test, vi} from 'vitest'
import {BoundedWriter} from '../../src/logging/bounded-writer.js'
import {namedPipe} from '../helpers/named-pipe.js'
import {tempFolder} from '../helpers/temp-folder.js'

const line = (index: number) => `${index} ${'x'.repeat(1000)}\n`

function pipeWriter(limitBytes = 1_048_576) {
  const pipe = namedPipe()
  const resumed: number[] = []
  const writer = new BoundedWriter({
    fd: pipe.writeFd,
    ownsFd: true,
    limitBytes,
    onResume: droppedLines => resumed.push(droppedLines),
  })
  return {pipe, writer, resumed}
}

async function readAll({read}: {read(): string}, writer: BoundedWriter): Promise<string> {
  let text = ''
  while (!(await writer.flush(20))) text += read()
  return text + read()
}

test('lines arrive whole and in order, also through a slow pipe', async () => {
  const {pipe, writer, resumed} = pipeWriter()
  const lines = Array.from({length: 500}, (_, index) => `${line(index).trimEnd()} ünïcode 日本 🎲\n`)
  for (const text of lines) writer.write(text)
  expect(await readAll(pipe, writer)).toBe(lines.join(''))
  expect(resumed).toEqual([])
  await writer.close(100)
})

describe('a reader that stalls', () => {
  test('costs lines beyond the limit, which are counted and told once it reads again', async () => {
    const {pipe, writer, resumed} = pipeWriter(100_000)
    const lines = Array.from({length: 1000}, (_, index) => line(index))
    for (const text of lines) writer.write(text)
    expect(resumed).toEqual([])
    const arrived = (await readAll(pipe, writer)).split('\n').slice(0, -1)
    expect(resumed).toEqual([1000 - arrived.length])
    expect(arrived.join('\n')).toBe(lines.slice(0, arrived.length).join('').trimEnd())
    expect(arrived.length).toBeGreaterThan(90)
    writer.write('after\n')
    expect(await readAll(pipe, writer)).toBe('after\n')
    await writer.close(100)
  })

  test('holds up a flush and a close no longer than they were told to wait', async () => {
    const {writer, pipe} = pipeWriter()
    for (let index = 0; index < 500; index += 1) writer.write(line(index))
    expect(await writer.flush(30)).toBe(false)
    await Promise.all([writer.close(30), writer.close(10_000)])
    writer.write('late\n')
    expect(await writer.flush(10_000)).toBe(true)
    await vi.waitFor(() => expect(() => fstatSync(pipe.writeFd)).toThrow('EBADF'))
  })
})

test('a reader that is gone ends the writing, quietly', async () => {
  const {pipe, writer, resumed} = pipeWriter()
  pipe.closeReader()
  writer.write(line(1))
  expect(await writer.flush(10_000)).toBe(true)
  writer.write(line(2))
  expect(await writer.flush(10_000)).toBe(true)
  await writer.close(10_000)
  expect(resumed).toEqual([])
})

test('a full disk is no reason to fail: the writer tries again, and close does not wait for it', async () => {
  const writer = new BoundedWriter({fd: openSync('/dev/full', 'w'), ownsFd: true, limitBytes: 100, onResume() {}})
  writer.write('a line\n')
  expect(await writer.flush(50)).toBe(false)
  await writer.close(50)
})

test('close writes what is left', async () => {
  const path = join(tempFolder(), 'a.log')
  const writer = new BoundedWriter({fd: openSync(path, 'a'), ownsFd: true, limitBytes: 1_048_576, onResume() {}})
  for (let index = 0; index < 300; index += 1) writer.write(line(index))
  await writer.close(5000)
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(301)
})
