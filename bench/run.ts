// Compares servers on this machine, by turns, and writes bench/RESULTS.md. README.md says how to read it.
//   npm run bench                                          everything, some twenty minutes
//   npm run bench -- --quick                               gs and plain node:net, a minute, onto stdout
//   npm run bench -- --works many,big --peers gs,redis     some of it
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {chosen, numberOf} from './arguments.ts'
import {type TimedCommand, timeCommands} from './commands.ts'
import {describeMachine} from './machine.ts'
import {Bench, buildGenerator} from './measure.ts'
import {connectionLimit} from './open-files.ts'
import {PEER_NAMES, type Peer, preparePeers} from './peers.ts'
import {resultsPage, type Series} from './results-page.ts'
import {wordsOf} from './start-peer.ts'
import {connectionsOf, type Measured, WORKS, type Work} from './works.ts'

/** The one work that is none of servers. */
const COMMANDS = 'commands'

const {values} = parseArgs({
  options: {
    rounds: {type: 'string'},
    seconds: {type: 'string'},
    warmup: {type: 'string'},
    works: {type: 'string'},
    peers: {type: 'string'},
    out: {type: 'string'},
    quick: {type: 'boolean', default: false},
    'no-install': {type: 'boolean', default: false},
  },
})
const {quick} = values
const rounds = numberOf('rounds', values.rounds ?? (quick ? '1' : '5'))
const seconds = numberOf('seconds', values.seconds ?? (quick ? '1' : '2'))
/** A server of JavaScript is compiled while it works; until then, what is measured is the compiler. */
const warmupSeconds = numberOf('warmup', values.warmup ?? (quick ? '1' : '3'))
const workNames = chosen(
  values.works ?? (quick ? 'many,big,spread,paced' : undefined),
  [...WORKS.map(({name}) => name), COMMANDS],
  name => name,
)
const peerNames = chosen(values.peers ?? (quick ? 'gs,gs-plugins,net' : undefined), PEER_NAMES, name => name)

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'gs-bench-'))
process.once('exit', () => rmSync(folder, {recursive: true, force: true}))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const notes: string[] = []
const workshop = {root, folder, installs: !(quick || values['no-install']), note: (text: string) => notes.push(text)}
const machine = describeMachine(root)
const bench = new Bench(buildGenerator(workshop), folder, {seconds, warmupSeconds})
const peers = preparePeers(peerNames, workshop)
const works = WORKS.filter(({name}) => workNames.includes(name)).filter(fitsMachine)
const measured = new Map<Peer, Map<Work, Measured[]>>(peers.map(peer => [peer, new Map()]))

for (let round = 1; round <= rounds; round += 1) {
  for (const work of works) {
    // Each round begins with another one, so that nobody always has the machine after the same neighbour.
    for (const peer of peers.map((_, index) => peers[(index + round) % peers.length] as Peer)) {
      await measure(peer, work, round)
    }
  }
}

const series: Series[] = [...measured].flatMap(([peer, byWork]) =>
  [...byWork].map(([work, all]) => ({peer, work, rounds: all})),
)
const command = ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ')
const commands = workNames.includes(COMMANDS) ? await measureCommands() : undefined
const page = resultsPage(series, {command, machine, rounds, seconds, notes, commands})
const out = values.out ?? (quick ? undefined : join(root, 'bench/RESULTS.md'))
if (out === undefined) console.log(page)
else writeFileSync(out, page)

function fitsMachine(work: Work): boolean {
  const {connections, openFiles} = connectionLimit()
  const wanted = connectionsOf(work)
  if (wanted <= connections) return true
  notes.push(`${work.name} is left out: ${openFiles} open files a process leave room for ${connections} connections`)
  return false
}

async function measureCommands(): Promise<TimedCommand[] | undefined> {
  try {
    const [server] = preparePeers(['gs-plugins'], workshop)
    return server === undefined ? undefined : await timeCommands(server, workshop)
  } catch (error) {
    notes.push(`the commands are left out: ${wordsOf((error as Error).message)}`)
    return undefined
  }
}

async function measure(peer: Peer, work: Work, round: number): Promise<void> {
  try {
    const result = await bench.measure(peer, work.load)
    const byWork = measured.get(peer) as Map<Work, Measured[]>
    byWork.set(work, [...(byWork.get(work) ?? []), result])
    const {key, factor, digits, title} = work.figure
    const figure = ((result[key] ?? Number.NaN) * factor).toFixed(digits)
    console.error(`${round}/${rounds} ${work.name} ${peer.name}: ${figure} ${title}`)
  } catch (error) {
    const note = `${peer.name} failed at ${work.name} in round ${round}: ${wordsOf((error as Error).message)}`
    console.error(note)
    notes.push(note)
  }
}
