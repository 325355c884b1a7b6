import {spawn} from 'node:child_process'
import {closeSync, openSync} from 'node:fs'
import {beforeAll, expect, onTestFinished, test} from 'vitest'
import {namedPipe} from '../helpers/named-pipe.js'
import {bundleProgram, type Ended, ended, spawnOnStalledTerminal} from '../helpers/run-program.js'

/** Logs far more than the reader and the buffer hold, counts how often the event loop comes round, and ends. */
const SOURCE = `
import {createLogger} from './src/logging/create-logger.js'
const log = createLogger({level: 'info', file: null, isTerminal: process.stderr.isTTY === true, hasColor: false})
let beats = 0
const timer = setInterval(() => {
  beats += 1
  for (let index = 0; index < 200; index += 1) log.info({index}, 'x'.repeat(200))
}, 5)
setTimeout(async () => {
  clearInterval(timer)
  await log.close(300)
  console.log(JSON.stringify({beats, isTerminal: process.stderr.isTTY === true}))
  if (process.argv[2] === 'exit') process.exit(7)
  process.exitCode = 7
}, 1000)
`

let program: string
beforeAll(async () => {
  program = await bundleProgram('stalled-reader', SOURCE)
})

function expectUnharmed({code, stdout}: Ended, isTerminal: boolean): void {
  expect(code).toBe(7)
  const measured = JSON.parse(stdout)
  expect(measured.isTerminal).toBe(isTerminal)
  // A loop that stood still would not come to its end in the time that `ended` gives it.
  expect(measured.beats).toBeGreaterThan(2)
}

test.for(['exit', 'end'])('a terminal that nobody reads stalls neither the program nor its end (%s)', async how => {
  const child = spawnOnStalledTerminal([process.execPath, program, how])
  expectUnharmed(await ended(child, 10_000), true)
})

test.for(['exit', 'end'])('a pipe that nobody reads stalls neither the program nor its end (%s)', async how => {
  // Opened anew to be blocking, as pipes of shells are.
  const fd = openSync(namedPipe().path, 'w')
  onTestFinished(() => closeSync(fd))
  const child = spawn(process.execPath, [program, how], {stdio: ['ignore', 'pipe', fd]})
  expectUnharmed(await ended(child, 10_000), false)
})

test.for(['exit', 'end'])('a socket that nobody reads stalls neither the program nor its end (%s)', async how => {
  const child = spawn(process.execPath, [program, how], {stdio: ['ignore', 'pipe', 'pipe']})
  child.stderr.pause()
  expectUnharmed(await ended(child, 10_000), false)
})
