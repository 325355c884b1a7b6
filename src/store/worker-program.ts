import type {WorkerOptions} from 'node:worker_threads'

/**
 * Where the threads' program is. Built, this code may stand in any of the bundle's chunks, but the program is always at
 * one place in the package; run from its sources, it is the file here.
 */
export function storeWorkerProgram(): {readonly url: URL; readonly options: WorkerOptions} {
  // What lets the main program run from sources, a thread needs as well.
  if (import.meta.url.endsWith('.ts')) {
    return {url: new URL('./worker/store-worker.ts', import.meta.url), options: {}}
  }
  const url = new URL('dist/src/store/worker/store-worker.js', import.meta.resolve('@gsrv/gs/package.json'))
  // Some of Node's flags are for main programs only, such as --input-type, and would end the thread.
  return {url, options: {execArgv: []}}
}
