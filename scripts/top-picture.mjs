// Writes docs/top.svg: the real screen of "gs top" over a real server with a crowd in 50 rooms. Needs tmux and a build.
//   node scripts/top-picture.mjs                 after three minutes, so that the curves have something to show
//   node scripts/top-picture.mjs --seconds 20 --columns 80 --rows 24 --out small.svg
import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import process from 'node:process'
import {setTimeout as pause} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {crowd} from './picture-crowd.mjs'
import {terminalSvg} from './terminal-svg.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const gs = join(root, 'bin/run.js')
const {values} = parseArgs({
  options: {
    seconds: {type: 'string', default: '180'},
    columns: {type: 'string', default: '124'},
    rows: {type: 'string', default: '38'},
    keys: {type: 'string', default: ''},
    out: {type: 'string', default: join(root, 'docs/top.svg')},
  },
})
/** So that something happened. */
const BLOCKS = [
  ['4242', '--for', '10m', '--reason', 'floods the lobby'],
  ['--ip', '198.51.100.23', '--for', '1h', '--reason', 'scans ports'],
  ['--cidr', '203.0.113.0/24', '--for', '2h'],
]
const folder = mkdtempSync(join(tmpdir(), 'gs-picture-'))
// Players who talk more than people do are not what a limit is for.
const env = {...process.env, XDG_RUNTIME_DIR: folder, GS_SECURITY_RATE_LIMIT_PER_MINUTE: '100000'}
const plugins = 'metrics,cache,security,analytics'
const server = spawn(process.execPath, [gs, 'serve', '--port', '0', '--ephemeral', '--plugins', plugins], {
  cwd: folder,
  env,
  stdio: ['ignore', 'pipe', 'ignore'],
})
const tmux = (...args) => execFileSync('tmux', ['-S', join(folder, 'tmux'), ...args], {encoding: 'utf8'})

try {
  const [ready] = await once(server.stdout, 'data')
  const port = Number(/:(\d+) /.exec(String(ready))?.[1])
  const {misbehave, disperse} = await crowd({port, rooms: 50})
  await pause(Number(values.seconds) * 1000)
  misbehave()
  for (const block of BLOCKS) execFileSync(process.execPath, [gs, 'security', 'block', ...block], {env})
  const size = ['-x', values.columns, '-y', values.rows]
  const variables = ['-e', 'LC_ALL=C.UTF-8', '-e', `XDG_RUNTIME_DIR=${folder}`]
  writeFileSync(join(folder, 'tmux.conf'), 'set -g default-terminal tmux-256color\n')
  tmux('-f', join(folder, 'tmux.conf'), 'new-session', '-d', ...size, ...variables, process.execPath, gs, 'top')
  await pause(3_000)
  for (const key of values.keys) tmux('send-keys', key)
  await pause(2_000)
  const lines = tmux('capture-pane', '-e', '-p', '-N').replace(/\n$/, '').split('\n')
  writeFileSync(values.out, terminalSvg(lines, Number(values.columns), 'gs top'))
  console.log(`wrote ${values.out}`)
  await disperse()
} finally {
  if (existsSync(join(folder, 'tmux'))) tmux('kill-server')
  server.kill()
  await once(server, 'exit')
  rmSync(folder, {recursive: true, force: true})
}
