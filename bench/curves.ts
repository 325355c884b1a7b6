// How the cost of a delivery grows, as pictures and a page in bench/curves/. README.md says how to read them.
//   npm run bench:curves                                   all of them, some ten minutes
//   npm run bench:curves -- --curves size --rounds 1       some
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {chosen, numberOf} from './arguments.ts'
import {type Curve, curvesPage} from './curves-page.ts'
import {fittingSteps, GROWTHS, type Growth} from './growth.ts'
import {lineChart} from './line-chart.ts'
import {describeMachine} from './machine.ts'
import {Bench, buildGenerator} from './measure.ts'
import {PEER_NAMES, preparePeers} from './peers.ts'
import {wordsOf} from './start-peer.ts'
import {spreadOf} from './statistics.ts'
import {type Load, PER_DELIVERY} from './works.ts'

const PACE_TOLERANCE = 0.1

const {values} = parseArgs({
  options: {
    curves: {type: 'string'},
    peers: {type: 'string', default: 'gs,gs-plugins,net'},
    rounds: {type: 'string', default: '3'},
    seconds: {type: 'string', default: '1'},
    warmup: {type: 'string', default: '0.5'},
    out: {type: 'string'},
  },
})
const rounds = numberOf('rounds', values.rounds)
const seconds = numberOf('seconds', values.seconds)
const growths = chosen(values.curves, GROWTHS, ({name}) => name)
const peerNames = chosen(values.peers, PEER_NAMES, name => name)

const root = fileURLToPath(new URL('..', import.meta.url))
const out = values.out ?? join(root, 'bench/curves')
const folder = mkdtempSync(join(tmpdir(), 'gs-curves-'))
process.once('exit', () => rmSync(folder, {recursive: true, force: true}))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const prepared: string[] = []
const workshop = {root, folder, installs: true, note: (text: string) => prepared.push(text)}
const machine = describeMachine(root)
const bench = new Bench(buildGenerator(workshop), folder, {seconds, warmupSeconds: numberOf('warmup', values.warmup)})
const peers = preparePeers(peerNames, workshop)

mkdirSync(out, {recursive: true})
for (const growth of growths) {
  const curve = await measure(growth)
  writeFileSync(join(out, `${curve.name}.json`), `${JSON.stringify(curve, null, 2)}\n`)
  writeFileSync(join(out, `${curve.name}.svg`), lineChart(curve.lines, {...curve, yTitle: PER_DELIVERY.title}))
}
const notes = readFileSync(join(root, 'bench/curves-notes.md'), 'utf8')
writeFileSync(join(out, 'README.md'), curvesPage(GROWTHS.flatMap(readCurve), notes))

async function measure(growth: Growth): Promise<Curve> {
  const {steps, notes: leftOut} = fittingSteps(growth)
  const failures: string[] = []
  const costs = new Map(peers.map(({name}) => [name, new Map<number, number[]>()]))
  for (let round = 1; round <= rounds; round += 1) {
    for (const step of steps) {
      for (const peer of peers) {
        const words = `${growth.name} ${step} ${peer.name}`
        try {
          const load = growth.loadAt(step)
          const {cpuUsPerDelivery = Number.NaN, deliveriesPerSecond = 0} = await bench.measure(peer, load)
          checkPace(load, deliveriesPerSecond)
          console.error(`${round}/${rounds} ${words}: ${cpuUsPerDelivery} µs`)
          const ofPeer = costs.get(peer.name) as Map<number, number[]>
          ofPeer.set(step, [...(ofPeer.get(step) ?? []), cpuUsPerDelivery])
        } catch (error) {
          // The point is missing from the picture; the other rounds may have it.
          failures.push(`${words} failed in round ${round}: ${wordsOf((error as Error).message)}`)
          console.error(failures.at(-1))
        }
      }
    }
  }
  const lines = [...costs].map(([name, ofPeer]) => ({
    name,
    points: [...ofPeer].map(([x, ofRounds]) => ({x, y: spreadOf(ofRounds)})).sort((one, other) => one.x - other.x),
  }))
  const {name, title, xTitle} = growth
  return {name, title, xTitle, machine, rounds, seconds, notes: [...prepared, ...leftOut, ...failures], lines}
}

/** What falls behind delivers in heaps, late: a second of that says nothing. */
function checkPace({rate, members}: Load, deliveriesPerSecond: number): void {
  if (rate === undefined || Math.abs(deliveriesPerSecond / (rate * members) - 1) < PACE_TOLERANCE) return
  throw new Error(`${deliveriesPerSecond} deliveries a second where ${rate * members} were due`)
}

/** Of this run, or of an earlier one. */
function readCurve({name}: Growth): Curve[] {
  const file = join(out, `${name}.json`)
  return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8'))] : []
}
