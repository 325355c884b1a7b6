import {type EventLoopUtilization, monitorEventLoopDelay, performance} from 'node:perf_hooks'
import process from 'node:process'

import type {GeneratorUse} from './load-tally.js'

const RESOLUTION_MS = 10
const NS_PER_MS = 1e6
const US_PER_MS = 1000

/** Measures how hard this thread works, so that a load can say when it was itself the bottleneck. */
export class GeneratorMeter {
  readonly #delay = monitorEventLoopDelay({resolution: RESOLUTION_MS})
  #startedAtMs = 0
  #utilization: EventLoopUtilization = performance.eventLoopUtilization()
  #cpuUs = 0

  start(): void {
    this.#delay.enable()
    this.#delay.reset()
    this.#startedAtMs = performance.now()
    this.#utilization = performance.eventLoopUtilization()
    this.#cpuUs = threadCpuUs()
  }

  /** Since `start`. */
  stop(): {elapsedMs: number; use: GeneratorUse} {
    const elapsedMs = this.#startedAtMs === 0 ? 0 : performance.now() - this.#startedAtMs
    const {utilization} = performance.eventLoopUtilization(this.#utilization)
    return {
      elapsedMs,
      use: {
        busyRatio: utilization,
        cpuRatio: elapsedMs === 0 ? 0 : (threadCpuUs() - this.#cpuUs) / US_PER_MS / elapsedMs,
        // The monitor's own timer is part of what it measures.
        loopDelayP99Ms: Math.max(0, this.#delay.percentile(99) / NS_PER_MS - RESOLUTION_MS),
      },
    }
  }

  close(): void {
    this.#delay.disable()
  }
}

function threadCpuUs(): number {
  const {user, system} = process.threadCpuUsage()
  return user + system
}
