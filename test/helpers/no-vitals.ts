import type {ServerVitals} from '../../src/contract/plugins.js'

/** Vitals of no server. */
export const noVitals: ServerVitals = {
  connectionCount: 0,
  unsentBytes: 0,
  slowConsumers: 0,
  eventLoopDelayP99Ms: 0,
  memoryLimitMb: 512,
  overload: null,
  plugins: [],
}
