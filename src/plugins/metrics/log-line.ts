import type {Logger} from '../../contract/logger.js'
import type {ServerMetrics} from '../../contract/metrics.js'

/** The line that each interval leaves in the log. */
export function logMetrics(log: Logger, metrics: ServerMetrics): void {
  log.info(
    {
      connections: metrics.connections,
      messagesPerSecond: round(metrics.messagesPerSecond),
      avgResponseTimeMs: round(metrics.avgResponseTimeMs),
      memoryUsageMb: round(metrics.memoryUsageMb),
      cpuUsagePercent: round(metrics.cpuUsagePercent),
      errorRatePercent: round(metrics.errorRatePercent),
    },
    'metrics',
  )
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
