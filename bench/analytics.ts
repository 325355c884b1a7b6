// What the analytics plugin costs a message, what rows of single messages do to the event loop, and how long a year of
// its sums takes to ask. README.md says how to read it; `npm run build` comes first.
//   node --import ./test/helpers/typescript-resolver.js bench/analytics.ts [--rounds 5] [--parts cost,rows,queries]
import {rmSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {gatherCrowd} from './analytics/crowd.ts'
import {type MessageCost, measureMessageCost} from './analytics/message-cost.ts'
import {measureQueries} from './analytics/queries.ts'
import {measureServed, type Served} from './analytics/served-load.ts'
import {measureTurns, type Turns} from './analytics/turns.ts'
import {fillYear} from './analytics/year.ts'
import {chosen, numberOf} from './arguments.ts'
import {describeMachine} from './machine.ts'
import {spreadOf, writeSpread} from './statistics.ts'

const MESSAGES_PER_SECOND = 50_000
const SECONDS = 8
const root = fileURLToPath(new URL('..', import.meta.url))

const {values} = parseArgs({options: {rounds: {type: 'string', default: '5'}, parts: {type: 'string'}}})
const rounds = numberOf('rounds', values.rounds)
const parts = chosen(values.parts, ['cost', 'rows', 'queries'], part => part)

console.log('# Analytics, measured\n')
for (const line of describeMachine(root)) console.log(`- ${line}`)
console.log(`- rounds: ${rounds}; a figure is the median, with the least and the most`)
if (parts.includes('cost')) await showCost()
if (parts.includes('rows')) await showRows()
if (parts.includes('queries')) await showQueries()

async function showCost(): Promise<void> {
  console.log('\n## A message that is only counted, on the main thread\n\n| plugins | ns | new bytes |\n|---|---|---|')
  for (const names of [[], ['analytics'], ['metrics'], ['analytics', 'metrics']] as const) {
    const crowd = await gatherCrowd(names)
    const costs: MessageCost[] = []
    // The first round is for the compiler.
    for (let round = 0; round <= rounds; round += 1) costs.push(await measureMessageCost(crowd))
    await crowd.close()
    console.log(`| ${names.join(' and ') || 'none'} | ${columns(costs.slice(1), {ns: 1, bytes: 0})} |`)
  }
}

async function showRows(): Promise<void> {
  const kinds = {none: null, counted: false, 'with rows': true} as const
  console.log(
    `\n## ${MESSAGES_PER_SECOND} messages a second\n\nTurns of the event loop, without a server around them:\n`,
  )
  console.log('| messages | p99, ms | longest, ms | busy | ms of collecting a second |\n|---|---|---|---|---|')
  for (const [name, rawMessages] of Object.entries(kinds)) {
    const crowd = await gatherCrowd(rawMessages === null ? [] : ['analytics'], {rawMessages: rawMessages ?? false})
    const turns: Turns[] = []
    for (let round = 0; round <= rounds; round += 1) {
      turns.push(await measureTurns(crowd, MESSAGES_PER_SECOND, round === 0 ? 2 : SECONDS))
    }
    await crowd.close()
    console.log(`| ${name} | ${columns(turns.slice(1), {p99Ms: 2, longestMs: 2, busyRatio: 3, collectingMs: 1})} |`)
  }
  console.log(
    '\n`gs bench` and `gs serve`:\n\n| messages | loop delay p99, ms | µs a delivery | dropped |\n|---|---|---|---|',
  )
  const served = new Map<string, Served[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, rawMessages] of Object.entries(kinds)) {
      const result = await measureServed({root, rawMessages, seconds: SECONDS})
      served.set(name, [...(served.get(name) ?? []), result])
    }
  }
  for (const [name, results] of served) {
    console.log(`| ${name} | ${columns(results, {loopDelayP99Ms: 1, cpuUsPerDelivery: 2, eventsDropped: 0})} |`)
  }
}

async function showQueries(): Promise<void> {
  const {directory, userDays, sizeBytes, migrationMs} = await fillYear()
  const size = `${userDays} days of users, ${(sizeBytes / 1e6).toFixed(0)} MB`
  console.log(`\n## A year of 100 000 users, asked while a server writes\n\n${size}`)
  console.log(`Bringing it up from before there were months: ${migrationMs.toFixed(0)} ms\n`)
  console.log('| gs analytics | ms |\n|---|---|')
  for (const [name, times] of await measureQueries(directory, rounds)) {
    console.log(`| ${name} | ${writeSpread(spreadOf(times), {factor: 1, digits: 1})} |`)
  }
  rmSync(directory, {recursive: true})
}

/** Cells of a table; each key with the digits that it is shown with. */
function columns<Key extends string>(results: readonly Readonly<Record<Key, number>>[], digits: Record<Key, number>) {
  const keys = Object.keys(digits) as Key[]
  return keys
    .map(key => writeSpread(spreadOf(results.map(result => result[key])), {factor: 1, digits: digits[key]}))
    .join(' | ')
}
