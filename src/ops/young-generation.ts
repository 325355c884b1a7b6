import {PerformanceObserver} from 'node:perf_hooks'
import {getHeapSpaceStatistics, setFlagsFromString} from 'node:v8'

const BYTES_PER_MB = 1024 * 1024
/** Both halves of it. Where a server's start leaves it anyway; more than this made no message cheaper. */
const ENOUGH_BYTES = 32 * BYTES_PER_MB
/** By how much V8 multiplies the space when it finds it too small. */
const USUAL_FACTOR = 2
const NO_GROWTH = 1

/**
 * Keeps V8 from giving ever more space to young objects. It does so while many survive, as they do when thousands connect,
 * and what it has touched once stays resident: up to 128 MB, which is more than the connections themselves take.
 *
 * V8 has no setting for this in a process that runs, but looks up the factor of growth each time. So after every
 * collection the factor is chosen by the size; a space that has shrunk while the server was quiet grows again.
 *
 * Returns what ends it. Does nothing where the process was started with a size of its own.
 */
export function holdYoungGeneration(): () => void {
  if (hasOwnSize()) return () => {}
  const observer = new PerformanceObserver(chooseFactor)
  observer.observe({entryTypes: ['gc']})
  chooseFactor()
  return () => {
    observer.disconnect()
    setFactor(USUAL_FACTOR)
  }
}

function chooseFactor(): void {
  const space = getHeapSpaceStatistics().find(({space_name: name}) => name === 'new_space')
  setFactor(space !== undefined && space.space_size >= ENOUGH_BYTES ? NO_GROWTH : USUAL_FACTOR)
}

function setFactor(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`)
}

function hasOwnSize(): boolean {
  return [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some(option => /semi[-_]space/.test(option))
}
