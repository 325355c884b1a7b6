import {Writable} from 'node:stream'
import {expect, test} from 'vitest'
import {Output} from '../../src/cli/output.js'

type Write = (error?: Error) => void

function outputTo(write: (text: string, done: Write) => void): Output {
  const stream = new Writable({write: (chunk, _encoding, done) => write(String(chunk), done)})
  return new Output(stream as unknown as NodeJS.WriteStream)
}

const failure = (code: string) => Object.assign(new Error(code), {code})

test('it is finished when the last byte is handed over, however slow the reader', async () => {
  let text = ''
  const output = outputTo((chunk, done) => {
    text += chunk
    setImmediate(done)
  })
  for (let index = 0; index < 100; index += 1) output.write(`${index}\n`)
  expect(await output.finish()).toBeUndefined()
  expect(text.split('\n')).toHaveLength(101)
})

test('a reader that left is no failure', async () => {
  const output = outputTo((_chunk, done) => done(failure('EPIPE')))
  output.write('a')
  output.write('b')
  expect(await output.finish()).toBeUndefined()
  output.write('c')
  expect(await output.finish()).toBeUndefined()
})

test('a full disk is a failure, once', async () => {
  const output = outputTo((_chunk, done) => done(failure('ENOSPC')))
  output.write('a')
  output.write('b')
  expect(await output.finish()).toMatchObject({code: 'ENOSPC'})
})

test('nothing written is nothing to wait for', async () => {
  expect(await outputTo(() => {}).finish()).toBeUndefined()
})

test('whoever writes without end waits for a slow reader, and learns that one has left', async () => {
  const waiting: Write[] = []
  const output = outputTo((_chunk, done) => void waiting.push(done))
  output.write('a')
  await output.drained()
  output.write('b'.repeat(100_000))
  let isDrained = false
  const drained = output.drained().then(() => {
    isDrained = true
  })
  await new Promise(setImmediate)
  expect(isDrained).toBe(false)
  expect(output.gone.aborted).toBe(false)
  waiting.shift()?.(failure('EPIPE'))
  await drained
  expect(output.gone.aborted).toBe(true)
  await output.drained()
})
