import {fileURLToPath} from 'node:url'
import type {WorkerOptions} from 'node:worker_threads'

/**
 * Where the threads' program is. Built, this code may stand in any of the bundle's chunks, but the program is always at
 * one place in the package; run from its sources, it is the file here.
 */
export function storeWorkerProgram(): {readonly url: URL; readonly options: WorkerOptions} {
  const {url, isSource} = programUrl('store-worker')
  // What lets the main program run from sources, a thread needs as well. Some of Node's flags are for main programs only,
  // such as --input-type, and would end the thread.
  return {url, options: isSource ? {} : {execArgv: []}}
}

/** The arguments for a Node that runs the program which reads rows. */
export function rowProgram(): string[] {
  const {url, isSource} = programUrl('row-program')
  return [...(isSource ? process.execArgv : []), fileURLToPath(url)]
}

function programUrl(name: string): {url: URL; isSource: boolean} {
  if (import.meta.url.endsWith('.ts')) return {url: new URL(`./worker/${name}.ts`, import.meta.url), isSource: true}
  return {
    url: new URL(`dist/src/store/worker/${name}.js`, import.meta.resolve('@gsrv/gs/package.json')),
    isSource: false,
  }
}
