import {readdir, readFile} from 'node:fs/promises'
import {getHeapStatistics} from 'node:v8'

import {counter, gauge, info, type MetricFamily} from './metric-family.js'
import type {Reading} from './reading.js'

const MS_PER_S = 1000

/** File descriptors of the process; null where the system does not tell. */
export interface Descriptors {
  readonly open: number
  readonly limit: number
}

/** Reading them takes a moment with thousands of connections, so it is done beside the main thread. */
export async function readDescriptors(): Promise<Descriptors | null> {
  try {
    const [entries, limits] = await Promise.all([readdir('/proc/self/fd'), readFile('/proc/self/limits', 'utf8')])
    const limit = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
    // Reading the folder takes one itself.
    return {open: entries.length - 1, limit: limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)}
  } catch {
    // No Linux: the two metrics are left out.
    return null
  }
}

/** The process and the engine, under the names that dashboards for Node programs know. */
export function processFamilies(
  reading: Reading,
  {loopUtilizationPercent, descriptors}: {loopUtilizationPercent: number; descriptors: Descriptors | null},
): MetricFamily[] {
  const {rss, external} = process.memoryUsage()
  const heap = getHeapStatistics()
  const [major = '', minor = '', patch = ''] = process.versions.node.split('.')
  return [
    counter('process_cpu_seconds', 'Processor time of the process, all threads.', reading.cpuMs / MS_PER_S),
    gauge('process_resident_memory_bytes', 'Resident memory of the process.', rss),
    gauge('process_start_time_seconds', 'When the process began, in Unix time.', performance.timeOrigin / MS_PER_S),
    ...(descriptors === null
      ? []
      : [
          gauge('process_open_fds', 'File descriptors in use.', descriptors.open),
          gauge('process_max_fds', 'Most file descriptors the process may have.', descriptors.limit),
        ]),
    gauge('nodejs_heap_size_used_bytes', 'Of the heap of JavaScript.', heap.used_heap_size),
    gauge('nodejs_heap_size_total_bytes', 'What the heap has taken of memory.', heap.total_heap_size),
    gauge('nodejs_heap_size_limit_bytes', 'Where the heap ends.', heap.heap_size_limit),
    gauge('nodejs_external_memory_bytes', 'Buffers and the like.', external),
    gauge(
      'nodejs_eventloop_lag_p99_seconds',
      'How late the event loop was in the last second.',
      reading.loopDelayP99Ms / MS_PER_S,
    ),
    gauge(
      'nodejs_eventloop_utilization_ratio',
      'How much of the last interval the event loop was not waiting.',
      loopUtilizationPercent / 100,
    ),
    info('nodejs_version', 'Version of Node.', {version: process.version, major, minor, patch}),
  ]
}
