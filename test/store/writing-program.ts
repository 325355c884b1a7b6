import {openSync, writeSync} from 'node:fs'
import {argv} from 'node:process'
import {openStore} from '../../src/store/open-store.js'
import {systemClock} from '../../src/util/system-clock.js'

/**
 * Writes as fast as it can and says what has been confirmed, until it is killed. Lines: `+7`, the row 7 is stored; `-7`,
 * it is removed again; `~7`, the buffered row 7 is stored. They go to a file: a pipe may be full.
 */

const [, , directory = '', from = '0', ledger = ''] = argv
const IN_FLIGHT = 16

const fail = (_fields: object, message: string) => {
  throw new Error(message)
}
const store = await openStore({
  directory,
  clock: systemClock,
  log: {debug() {}, info() {}, warn: fail, error: fail},
})
await store.migrate('t', ['CREATE TABLE t_rows (id INTEGER PRIMARY KEY) STRICT'])

let lastId = Number(from)
const descriptor = openSync(ledger, 'wx')
const say = (line: string) => writeSync(descriptor, `${line}\n`)

async function writeDurably(): Promise<never> {
  for (;;) {
    lastId += 1
    const id = lastId
    await store.write([{sql: 'INSERT INTO t_rows VALUES (?)', params: [id]}])
    say(`+${id}`)
    if (id % 3 !== 0) continue
    await store.write([{sql: 'DELETE FROM t_rows WHERE id = ?', params: [id]}])
    say(`-${id}`)
  }
}

async function writeBuffered(): Promise<never> {
  for (;;) {
    lastId += 2
    const ids = [lastId - 1, lastId]
    const outcome = await store.append([{sql: 'INSERT INTO t_rows VALUES (?)', rows: ids.map(id => [id])}])
    if (outcome !== 'stored') throw new Error('a buffered write was dropped')
    for (const id of ids) say(`~${id}`)
  }
}

await Promise.all([...Array.from({length: IN_FLIGHT}, writeDurably), writeBuffered()])
