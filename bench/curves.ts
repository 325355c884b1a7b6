// How the cost of a delivery grows, as pictures in bench/curves/. README.md says how to read them.
//   npm run bench:curves                                   all of them, some ten minutes
//   npm run bench:curves -- --curves size --rounds 1       some
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {chosen, numberOf} from './arguments.ts'
import {lineChart} from './line-chart.ts'
import {describeMachine} from './machine.ts'
import {Bench, buildGenerator} from './measure.ts'
import {PEER_NAMES, preparePeers, wordsOf} from './peers.ts'
import {type Spread, spreadOf} from './statistics.ts'
import {PER_DELIVERY, type Work} from './works.ts'

interface Curve {
  readonly name: string
  readonly title: string
  readonly xTitle: string
  readonly steps: readonly number[]
  workAt(step: number): Omit<Work, 'name' | 'words' | 'figure'>
}

/** What a load must leave of the descriptors for the server's own use; a server takes 80 % of them. */
const DESCRIPTOR_SHARE = 0.75
const STEADY_RATE = 5000

const CURVES: readonly Curve[] = [
  {
    name: 'members',
    title: 'Members of one room (one publisher, 8 in flight)',
    xTitle: 'members',
    steps: [10, 30, 100, 300, 1000, 3000, 5000],
    workAt: members => ({rooms: 1, members, publishers: 1, window: 8}),
  },
  {
    name: 'rooms',
    title: `Rooms of 2 (${STEADY_RATE} messages/s in all, from one member each)`,
    xTitle: 'rooms',
    steps: [1, 10, 100, 1000, 3000, 10_000],
    workAt: rooms => ({rooms, members: 2, publishers: 1, rate: STEADY_RATE}),
  },
  {
    name: 'connections',
    title: `Connections in rooms of 10 (${STEADY_RATE} messages/s in all)`,
    xTitle: 'connections',
    steps: [100, 300, 1000, 3000, 10_000, 20_000, 50_000],
    workAt: connections => ({rooms: connections / 10, members: 10, publishers: 1, rate: STEADY_RATE}),
  },
  {
    name: 'size',
    title: 'Size of a message (10 rooms of 10, all publish, 4 in flight each)',
    xTitle: 'bytes',
    steps: [16, 64, 256, 1024, 4096, 16_384],
    workAt: payloadBytes => ({rooms: 10, members: 10, publishers: 10, window: 4, payloadBytes}),
  },
]

const {values} = parseArgs({
  options: {
    curves: {type: 'string'},
    peers: {type: 'string', default: 'gs'},
    rounds: {type: 'string', default: '3'},
    seconds: {type: 'string', default: '2'},
    out: {type: 'string'},
  },
})
const rounds = numberOf('rounds', values.rounds)
const seconds = numberOf('seconds', values.seconds)
const curves = chosen(values.curves, CURVES, ({name}) => name)
const peerNames = chosen(values.peers, PEER_NAMES, name => name)

const root = fileURLToPath(new URL('..', import.meta.url))
const out = values.out ?? join(root, 'bench/curves')
const folder = mkdtempSync(join(tmpdir(), 'gs-curves-'))
process.once('exit', () => rmSync(folder, {recursive: true, force: true}))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const workshop = {root, folder, installs: true, note: (text: string) => console.error(text)}
const machine = describeMachine(root)
const bench = new Bench(buildGenerator(workshop), folder, {seconds, warmupSeconds: 1})
const peers = preparePeers(peerNames, workshop)
const mostConnections = Math.floor(descriptorLimit() * DESCRIPTOR_SHARE)

mkdirSync(out, {recursive: true})
for (const curve of curves) {
  const steps = curve.steps.filter(step => connectionsAt(curve, step) <= mostConnections)
  for (const step of curve.steps.filter(one => !steps.includes(one))) {
    console.error(`${curve.name}: ${step} needs more open files than this machine allows`)
  }
  const costs = new Map<string, Map<number, number[]>>(peers.map(({name}) => [name, new Map()]))
  for (let round = 1; round <= rounds; round += 1) {
    for (const step of steps) {
      for (const peer of peers) {
        const work = {...curve.workAt(step), name: curve.name, words: curve.title, figure: PER_DELIVERY}
        const words = `${round}/${rounds} ${curve.name} ${step} ${peer.name}`
        try {
          const {cpuUsPerDelivery} = await bench.measure(peer, work)
          console.error(`${words}: ${cpuUsPerDelivery} µs`)
          const ofPeer = costs.get(peer.name) as Map<number, number[]>
          ofPeer.set(step, [...(ofPeer.get(step) ?? []), cpuUsPerDelivery])
        } catch (error) {
          // The point is missing from the picture; the other rounds may have it.
          console.error(`${words} failed: ${wordsOf((error as Error).message)}`)
        }
      }
    }
  }
  const lines = [...costs].map(([name, ofPeer]) => ({name, points: [...ofPeer].map(toPoint)}))
  const words = {title: curve.title, xTitle: curve.xTitle, yTitle: PER_DELIVERY.title}
  writeFileSync(join(out, `${curve.name}.svg`), lineChart(lines, words))
  writeFileSync(
    join(out, `${curve.name}.json`),
    `${JSON.stringify({...words, machine, rounds, seconds, lines}, null, 2)}\n`,
  )
}

function toPoint([x, ofRounds]: [number, number[]]): {x: number; y: Spread} {
  return {x, y: spreadOf(ofRounds)}
}

function connectionsAt(curve: Curve, step: number): number {
  const {rooms, members} = curve.workAt(step)
  return rooms * members
}

function descriptorLimit(): number {
  const line = /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
  return Number(line?.[1] ?? Number.POSITIVE_INFINITY)
}
