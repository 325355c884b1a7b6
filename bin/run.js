#!/usr/bin/env node
// Hands over to a fit Node or to dist, nothing else. ES2019 and no static imports, so that an old Node gets as far as
// the check.

const NODE_FLOOR = [24, 15]

if (isFit(process.versions.node)) void run()
else handOver().catch(failUnfit)

function isFit(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1])
}

async function run() {
  // Only for the process it was set for; a gs started by this one decides for itself.
  delete process.env.GS_REEXEC
  const fs = process.getBuiltinModule('node:fs')
  // Answered here because loading oclif takes longer than the answer.
  if (process.argv.length === 3 && process.argv[2] === '--version') {
    const {name, version} = JSON.parse(fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    process.stdout.on('error', ({code, message}) => {
      if (code !== 'EPIPE') fail(`cannot write the output: ${message}`)
    })
    process.stdout.write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`)
    return
  }
  const entry = new URL('../dist/src/cli/main.js', import.meta.url)
  if (!fs.existsSync(entry)) return fail('is not built yet. Run "npm run build".')
  process.getBuiltinModule('node:module').enableCompileCache()
  const {main} = await import(entry.href)
  await main(import.meta.url)
}

/** Runs this file again under the Node that a clone carries in node_modules, see tools/node-runtime. */
async function handOver() {
  const {spawn} = await import('node:child_process')
  const {existsSync, readFileSync} = await import('node:fs')
  const {fileURLToPath} = await import('node:url')
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (process.env.GS_REEXEC || !existsSync(node)) return failUnfit()

  const args = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  const child = spawn(node, args, {stdio: 'inherit', env: {...process.env, GS_REEXEC: '1'}})
  const handlers = {
    SIGINT: () => terminalReachesChild(readFileSync) || child.kill('SIGINT'),
    SIGTERM: () => child.kill('SIGTERM'),
    SIGHUP: () => child.kill('SIGHUP'),
  }
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler)
  child.on('error', error => fail(`cannot run ${node}: ${error.message}. Run "npm ci".`))
  child.on('exit', (code, signal) => {
    for (const [name, handler] of Object.entries(handlers)) process.removeListener(name, handler)
    if (signal) process.kill(process.pid, signal)
    else process.exitCode = code
  })
}

/**
 * Ctrl-C goes to the whole foreground group of a terminal, so the child has it already and a forwarded one would count
 * twice. A background job (`gs serve &`) is not in that group: its SIGINT came from kill.
 */
function terminalReachesChild(readFileSync) {
  if (!process.stdin.isTTY && !process.stdout.isTTY && !process.stderr.isTTY) return false
  try {
    // After the name in parentheses: state, parent, group, session, terminal, the terminal's foreground group.
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return fields[2] === fields[5]
  } catch {
    // No /proc outside Linux; to be in the foreground is by far the likelier case.
    return true
  }
}

function failUnfit() {
  const own = `${process.versions.node} (${process.execPath})`
  fail(`needs Node ${NODE_FLOOR.join('.')} or newer, this is ${own}. Install one, or run "npm ci" in a clone.`)
}

function fail(message) {
  console.error(`gs: ${message}`)
  process.exitCode = 1
}
