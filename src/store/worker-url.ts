/**
 * Where the threads' program is. Built, this code may stand in any of the bundle's chunks, but the program is always at
 * one place in the package; run from its sources, it is the file here.
 */
export function storeWorkerUrl(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./worker/store-worker.ts', import.meta.url)
  return new URL('dist/src/store/worker/store-worker.js', import.meta.resolve('@gsrv/gs/package.json'))
}
