import type {Config} from '../../config/schema.js'
import type {MetricsApi} from '../../contract/metrics.js'
import type {PluginHost} from '../../contract/plugins.js'
import {definePlugin} from '../../pipeline/define-plugin.js'
import {logMetrics} from './log-line.js'
import {Meter} from './meter.js'
import {listenForMonitors, type PrometheusListener} from './prometheus-listener.js'
import {PrometheusText} from './prometheus-text.js'
import {SampleHistory} from './sample-history.js'
import {SAMPLE_MS} from './sample-window.js'
import {SlowLog} from './slow-log.js'
import {TimedMessages} from './timed-messages.js'

export type MetricsConfig = Config['metrics']

/**
 * What the core counts, sampled once a second, as rates, percentiles and a history. Beyond that it costs a
 * message one entry in a histogram.
 */
export const metricsPlugin = definePlugin<MetricsConfig>({
  name: 'metrics',
  async setup(host, config) {
    const {clock} = host
    const meter = new Meter(host, config.intervalMs)
    const history = new SampleHistory(config.historyMs)
    const slowLog = new SlowLog()
    const timed = new TimedMessages(host)
    timed.refill()
    let {slowMs, roomLabels} = config
    const prometheus = new PrometheusText(host, meter, () => roomLabels)

    host.hook('afterMessage', record => {
      meter.note(record)
      if (record.durationMs < slowMs) return
      slowLog.note(record, clock.nowMs())
      timed.noteSlow()
    })
    host.every(SAMPLE_MS, () => {
      history.add(meter.sample())
      timed.refill()
    })
    host.every(config.intervalMs, () => logMetrics(host.log, meter.describe({limit: 0})))

    host.provide('metrics', {
      server: (options = {}) => meter.describe(options),
      history: (options = {}) => history.list(options),
      samples: ({signal} = {}) => history.follow(signal),
      slow: (options = {}) => slowLog.list(options, clock.nowMs()),
      room: roomId => meter.room(roomId),
      user: userId => meter.user(userId),
      prometheus: (format = 'prometheus') => prometheus.write(format),
    } satisfies MetricsApi)

    const listener = await openListener(host, config.prometheus, prometheus)

    return {
      configure(changed) {
        ;({slowMs, roomLabels} = changed as MetricsConfig)
      },
      async close() {
        history.close()
        prometheus.close()
        await listener?.close()
      },
    }
  },
})

async function openListener(
  {log}: PluginHost,
  endpoint: MetricsConfig['prometheus'],
  prometheus: PrometheusText,
): Promise<PrometheusListener | null> {
  if (endpoint === null) return null
  try {
    const listener = await listenForMonitors(endpoint, format => prometheus.write(format), log)
    log.info({...listener.address}, 'monitors are answered')
    return listener
  } catch (error) {
    prometheus.close()
    throw error
  }
}
