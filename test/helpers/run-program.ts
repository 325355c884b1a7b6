import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {build} from 'esbuild'
import {onTestFinished} from 'vitest'
import {writeFileAtomically} from '../../src/util/write-file-atomically.js'
import {projectRoot} from '../architecture/sources.js'

/** Bundles a TypeScript program, so that it runs in a process of its own. Its imports are relative to the repository. */
export async function bundleProgram(name: string, source: string): Promise<string> {
  // Inside the repository, where the packages that stay outside the bundle are found.
  const folder = join(projectRoot, 'node_modules/.cache/gs')
  mkdirSync(folder, {recursive: true})
  const outfile = join(folder, `${name}.mjs`)
  const {outputFiles} = await build({
    stdin: {contents: source, resolveDir: projectRoot, loader: 'ts'},
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  })
  // In one step: another run of the tests may be reading it.
  await writeFileAtomically(outfile, outputFiles[0]?.text ?? '')
  return outfile
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
}

/** Waits for the end of a child whose stdout is a pipe; kills it after `limitMs`, and then `code` is null. */
export async function ended(child: ChildProcess, limitMs: number): Promise<Ended> {
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  child.stdout?.on('data', data => {
    stdout += data
  })
  await once(child, 'exit')
  clearTimeout(timer)
  return {code: child.exitCode, stdout}
}

/** Runs a program whose stderr is a terminal that nobody reads. Its exit status is passed on. */
export function spawnOnStalledTerminal(command: readonly string[]): ChildProcess {
  const python = [
    'import pty, subprocess, sys',
    'master, slave = pty.openpty()',
    'sys.exit(subprocess.run(sys.argv[1:], stderr=slave, stdin=subprocess.DEVNULL).returncode)',
  ]
  return spawn('python3', ['-c', python.join('\n'), ...command], {stdio: ['ignore', 'pipe', 'inherit']})
}
