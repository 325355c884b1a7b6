import {closeSync, openSync, writeSync} from 'node:fs'
import {onTestFinished} from 'vitest'
import type {Clock} from '../../src/contract/clock.js'
import type {StoreStatus} from '../../src/contract/store.js'
import type {DataStore} from '../../src/store/data-store.js'
import {openStore} from '../../src/store/open-store.js'
import {systemClock} from '../../src/util/system-clock.js'

export interface StoreWorld {
  readonly store: DataStore
  /** Lines of the log that are more than information. */
  readonly errors: {fields: Record<string, unknown>; message: string}[]
  readonly states: StoreStatus['state'][]
}

/** A store with a table `t_notes`; it is closed when the test is over. Null: in memory. */
export async function openWorld(directory: string | null, clock: Clock = systemClock): Promise<StoreWorld> {
  const errors: StoreWorld['errors'] = []
  const states: StoreWorld['states'] = []
  const note = (fields: object, message: string) => errors.push({fields: {...fields}, message})
  const store = await openStore({
    directory,
    clock,
    log: {debug() {}, info() {}, warn: note, error: note},
    onStateChange: ({state}) => states.push(state),
  })
  onTestFinished(() => store.close())
  await store.migrate('t', ['CREATE TABLE t_notes (id INTEGER PRIMARY KEY, text TEXT) STRICT'])
  return {store, errors, states}
}

export function note(id: number, text: string | Uint8Array | null = `note ${id}`) {
  return {sql: 'INSERT INTO t_notes VALUES (?, ?)', params: [id, text]}
}

export async function noteIds(store: DataStore): Promise<number[]> {
  const rows = await store.query<{id: number}>('SELECT id FROM t_notes ORDER BY id')
  return rows.map(({id}) => id)
}

/** Writes bytes into a file as a bad disk or another program might. */
export function overwrite(path: string, position: number, bytes: Uint8Array): void {
  const descriptor = openSync(path, 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, position)
  closeSync(descriptor)
}
