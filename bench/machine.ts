import {spawnSync} from 'node:child_process'
import {availableParallelism, cpus, loadavg, release, totalmem} from 'node:os'

/** Core of the servers and core of the load; undefined where there is only one. */
export const CORES = availableParallelism() > 1 ? {server: '0', load: '1'} : undefined

/** What the figures depend on besides the programs, as lines of a list. */
export function describeMachine(root: string): string[] {
  const git = (...args: string[]) => spawnSync('git', args, {cwd: root, encoding: 'utf8'}).stdout.trim()
  const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ', with changes'
  return [
    `date: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `commit: ${git('rev-parse', '--short', 'HEAD') || 'unknown'}${changed}`,
    `machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 1e9)} GB`,
    `kernel: ${release()}`,
    `Node: ${process.version}`,
    `load of the machine before the run: ${loadavg()
      .map(load => load.toFixed(2))
      .join(', ')} (1, 5, 15 minutes)`,
  ]
}
