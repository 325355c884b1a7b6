/** Where the program of a load thread is: beside this file in the sources, in a place of its own once built. */
export function loadWorkerUrl(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./load-worker.ts', import.meta.url)
  return new URL('dist/src/client/bench/load-worker.js', import.meta.resolve('@gsrv/gs/package.json'))
}
