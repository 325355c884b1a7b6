// What the cache costs, what it finds, and how long it holds up the event loop, beside others. README.md says how to
// read it; the packages it is compared with go into a temporary folder.
//   node --import ./test/helpers/typescript-resolver.js bench/cache.ts [--rounds 5] [--parts speed,hits,stalls]
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import type {CacheApi, CachePolicy} from '../src/contract/cache.ts'
import {createTestServer, type TestServer} from '../src/ops/create-test-server.ts'
import {chosen, numberOf} from './arguments.ts'
import {hitRates} from './cache/hit-ratios.ts'
import {install} from './cache/others.ts'
import {bareLru, bento, type Contestant, cacheable, OPERATIONS_SHOWN, type Operation, ours} from './cache/speed.ts'
import {measureStalls, type Stalls, type Use, useCache, useMap} from './cache/stalls.ts'
import {makeTraces, type Trace} from './cache/traces.ts'
import {describeMachine} from './machine.ts'
import {spreadOf, writeSpread} from './statistics.ts'

const {values} = parseArgs({options: {rounds: {type: 'string', default: '5'}, parts: {type: 'string'}}})
const rounds = numberOf('rounds', values.rounds)
const parts = chosen(values.parts, ['speed', 'hits', 'stalls'], part => part)
const folder = mkdtempSync(join(tmpdir(), 'gs-bench-'))
process.once('exit', () => rmSync(folder, {recursive: true, force: true}))

console.log(`# The cache, measured\n`)
for (const line of describeMachine(fileURLToPath(new URL('..', import.meta.url)))) console.log(`- ${line}`)
console.log(`- rounds: ${rounds}; a figure is the median, with the least and the most`)
const traces = makeTraces()
let lastServer: TestServer | undefined
if (parts.includes('speed')) await compareSpeed()
if (parts.includes('hits')) await compareHits()
if (parts.includes('stalls')) await compareStalls()
await lastServer?.close()

async function compareSpeed(): Promise<void> {
  const bentocache = await install('bentocache', folder, ['drivers/memory'])
  const other = await install('cacheable', folder)
  const contestants = [
    ours(sizes => openCache(sizes)),
    bareLru(false),
    bareLru(true),
    bento(bentocache, false),
    bento(bentocache, true),
    cacheable(other, true),
    cacheable(other, false),
  ]
  const measured = new Map<Contestant, Readonly<Record<Operation, number | null>>[]>()
  // The first round is for the compiler.
  for (let round = 0; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      const result = await contestant.measure()
      if (round > 0) measured.set(contestant, [...(measured.get(contestant) ?? []), result])
    }
  }
  console.log(
    `\n## ns of processor time for each operation\n\nbentocache ${bentocache.version}, cacheable ${other.version}\n`,
  )
  console.log(
    '| cache | hit, 1 000 keys | hit, 10 000 keys | hit in L2, 40 bytes | hit in L2, 2 KB | miss | set | set of a new key |',
  )
  console.log('|---|---|---|---|---|---|---|---|')
  for (const [{name}, results] of measured) {
    const cells = OPERATIONS_SHOWN.map(operation => {
      const times = results.flatMap(result => result[operation] ?? [])
      return times.length === 0 ? '' : writeSpread(spreadOf(times), {factor: 1, digits: 0})
    })
    console.log(`| ${[name, ...cells].join(' | ')} |`)
  }
}

async function compareHits(): Promise<void> {
  const transitory = await install('transitory', folder)
  const rows = traces.map(trace => ({name: trace.name, rates: hitRates(trace, transitory)}))
  const names = ['LRU', 'W-TinyLFU', 'gs lru', 'gs filtered', 'optimum']
  console.log(`\n## Hits in percent, 1 000 + 10 000 entries\n\ntransitory ${transitory.version} for W-TinyLFU\n`)
  console.log(`| trace | ${names.join(' | ')} |\n|${'---|'.repeat(names.length + 1)}`)
  for (const {name, rates} of rows) {
    console.log(`| ${[name, ...names.map(policy => (rates.get(policy) ?? Number.NaN).toFixed(2))].join(' | ')} |`)
  }
}

async function compareStalls(): Promise<void> {
  const trace = traces.find(({name}) => name === 'Zipf 1.0') as Trace
  const kinds: readonly [name: string, open: () => Promise<Use>][] = [
    ['a Map without bound', async () => useMap()],
    ['gs filtered, brotli', async () => useCache(await openCache({}))],
    ['gs lru, brotli', async () => useCache(await openCache({policy: 'lru'}))],
    ['gs filtered, none', async () => useCache(await openCache({compression: 'none'}))],
  ]
  const measured = new Map<string, Stalls[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const readsPerTurn of [1, 10]) {
      for (const [name, open] of kinds) {
        const row = `${readsPerTurn} | ${name}`
        const stalls = await measureStalls(trace, await open(), readsPerTurn)
        measured.set(row, [...(measured.get(row) ?? []), stalls])
      }
    }
  }
  console.log(`\n## ms for each turn of the event loop, 2 KB states, ${trace.name}\n`)
  console.log('| reads in a turn | cache | p50 | p99 | p99.9 | longest | left out |\n|---|---|---|---|---|---|---|')
  for (const [name, stalls] of measured) {
    const cells = (['p50', 'p99', 'p999', 'max'] as const).map(key =>
      writeSpread(spreadOf(stalls.map(stall => stall[key])), {factor: 1, digits: 3}),
    )
    const {median} = spreadOf(stalls.map(({leftOutRatio}) => leftOutRatio))
    console.log(`| ${[name, ...cells, `${(median * 100).toFixed(1)} %`].join(' | ')} |`)
  }
}

/** The cache of a server of its own, as embedders have it; the server before it is gone. */
async function openCache(cache: {
  l1Entries?: number
  l2Entries?: number
  policy?: CachePolicy
  compression?: 'brotli' | 'none'
}): Promise<CacheApi> {
  await lastServer?.close()
  lastServer = await createTestServer({plugins: ['cache'], cache: {ttlMs: 600_000, ...cache}})
  return lastServer.server.cache
}
