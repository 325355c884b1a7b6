import {execFileSync, spawnSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import {installDebianPackage} from './debian.ts'
import type {Peer, Workshop} from './peers.ts'
import {startPeer} from './start-peer.ts'
import type {Spread} from './statistics.ts'

/** A command, how its caller has to wait for it. */
export interface TimedCommand {
  readonly words: string
  readonly ms: Spread
}

interface CommandLine {
  readonly words: string
  readonly argv: readonly string[]
  /** Runs before each time. */
  readonly before: readonly string[]
}

/** What hyperfine writes of a command, in seconds. */
interface Timing {
  readonly median: number
  readonly min: number
  readonly max: number
}

const RUNS = 20
const WARMUPS = 2
const PORT = 16_999
const MS_PER_S = 1000
const BLOCK = ['security', 'block', '42']
const ASKED = [
  {args: ['--version'], before: []},
  {args: ['status'], before: []},
  {args: ['security', 'unblock', '42'], before: BLOCK},
]

/**
 * Times commands beside Node with nothing to do, while a server with plugins runs.
 *
 * @throws {Error} when hyperfine cannot be had, or a command fails.
 */
export async function timeCommands(server: Peer, {root, folder, installs}: Workshop): Promise<TimedCommand[]> {
  installDebianPackage('hyperfine', installs)
  const program = join(root, 'bin/run.js')
  const gs = (node: string, words: string): CommandLine[] =>
    ASKED.map(({args, before}) => ({
      words: `\`gs ${args.join(' ')}\`${words}`,
      argv: [node, program, ...args],
      before: before.length > 0 ? [process.execPath, program, ...before] : [],
    }))
  const older = findOlderNode()
  const lines: CommandLine[] = [
    {words: '`node -e 0`', argv: [process.execPath, '-e', '0'], before: []},
    ...gs(process.execPath, ''),
    ...(older === undefined ? [] : gs(older.file, `, begun by Node ${older.version}, which hands over`)),
  ]
  const {stop} = await startPeer(server, PORT, folder)
  try {
    return lines.map(line => ({words: line.words, ms: time(line, folder)}))
  } finally {
    await stop()
  }
}

function time({argv, before}: CommandLine, folder: string): Spread {
  const file = join(folder, 'hyperfine.json')
  const options = ['--shell=none', '--style=none', `--runs=${RUNS}`, `--warmup=${WARMUPS}`, '--export-json', file]
  const prepare = before.length > 0 ? ['--prepare', before.map(quoted).join(' ')] : []
  // Of what it warns about, outliers, the spread tells.
  const stdio: ['ignore', 'ignore', 'pipe'] = ['ignore', 'ignore', 'pipe']
  const env = {...process.env, XDG_RUNTIME_DIR: folder}
  execFileSync('hyperfine', [...options, ...prepare, argv.map(quoted).join(' ')], {cwd: folder, env, stdio})
  const [timing] = (JSON.parse(readFileSync(file, 'utf8')) as {results: Timing[]}).results
  const {median, min, max} = timing as Timing
  return {median: median * MS_PER_S, min: min * MS_PER_S, max: max * MS_PER_S}
}

/** One of another major version that stands on the path, as those of distributions do. */
function findOlderNode(): {file: string; version: string} | undefined {
  const files = (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, 'node'))
  for (const file of files.filter(one => existsSync(one))) {
    const version = spawnSync(file, ['--version'], {encoding: 'utf8'}).stdout.trim().slice(1)
    if (Number.parseInt(version, 10) < Number.parseInt(process.versions.node, 10)) return {file, version}
  }
  return undefined
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
