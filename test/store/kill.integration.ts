import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {projectRoot} from '../architecture/sources.js'
import {tempFolder} from '../helpers/temp-folder.js'
import {until} from '../helpers/until.js'
import {openWorld} from './store-world.js'

// The long form: GS_KILL_ROUNDS=200 GS_KILL_SEED=1 npx vitest run test/store/kill.integration.ts
const ROUNDS = Number(process.env.GS_KILL_ROUNDS ?? 4)
const SEED = Number(process.env.GS_KILL_SEED ?? 20_260_105)
const MOST_LINES = 300
const BYTES_A_LINE = 6

test(`nothing that was confirmed is lost, and nothing removed comes back, when a server is killed (seed ${SEED})`, {
  timeout: 10_000 + ROUNDS * 5000,
}, async () => {
  const directory = tempFolder()
  const kept = new Set<number>()
  const removed = new Set<number>()
  let highest = 0
  let seed = SEED
  for (let round = 1; round <= ROUNDS; round += 1) {
    seed = (seed * 48_271) % 2_147_483_647
    const lines = await writeUntilKilled(directory, highest + 1000, seed % MOST_LINES)
    for (const line of lines) {
      const id = Number(line.slice(1))
      highest = Math.max(highest, id)
      if (line.startsWith('-')) removed.add(id)
      else kept.add(id)
    }
    for (const id of removed) kept.delete(id)
    const {store} = await openWorld(directory)
    const rows = await store.query<{id: number}>('SELECT id FROM t_rows')
    const ids = new Set(rows.map(({id}) => id))
    // A removal may have been done and not been confirmed yet.
    const lost = [...kept].filter(id => !ids.has(id) && id % 3 !== 0)
    const risen = [...removed].filter(id => ids.has(id))
    expect({lost, risen}, `round ${round}`).toEqual({lost: [], risen: []})
    expect(store.status().salvage).toBeNull()
    for (const id of ids) highest = Math.max(highest, id)
    await store.close()
  }
  expect(kept.size + removed.size).toBeGreaterThan(ROUNDS * 10)
})

/** Starts a writer, kills it once it has confirmed about so many writes, and returns all that it confirmed. */
async function writeUntilKilled(directory: string, from: number, lineCount: number): Promise<string[]> {
  const ledger = join(tempFolder(), 'ledger')
  const program = join(projectRoot, 'test/store/writing-program.ts')
  const resolver = join(projectRoot, 'test/helpers/typescript-resolver.js')
  const args = ['--import', resolver, program, directory, String(from), ledger]
  const child = spawn(process.execPath, args, {stdio: ['ignore', 'ignore', 'inherit']})
  const exited = once(child, 'exit')
  onTestFinished(() => void child.kill('SIGKILL'))
  const minBytes = lineCount * BYTES_A_LINE
  await until(() => (statSync(ledger, {throwIfNoEntry: false})?.size ?? -1) >= minBytes, 'confirmed writes')
  child.kill('SIGKILL')
  await exited
  expect(child.signalCode).toBe('SIGKILL')
  // The last one may be cut off.
  return readFileSync(ledger, 'utf8').split('\n').slice(0, -1)
}
