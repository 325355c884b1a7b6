import type {PluginHost} from '../../contract/plugins.js'
import {definePlugin} from '../../pipeline/define-plugin.js'
import type {AnalyticsConfig} from './analytics-config.js'
import {registerMetrics} from './analytics-metrics.js'
import {AnalyticsPlugin} from './analytics-plugin.js'
import {startRun} from './run.js'

/** What players do, now and over months. */
export const analyticsPlugin = definePlugin<AnalyticsConfig>({
  name: 'analytics',
  async setup(host: PluginHost, config) {
    const {store, clock, log} = host
    const run = await startRun(store, clock)
    if (run.interruptedRun !== null) {
      const {eventsLost, sessions} = run.interruptedRun
      log.warn(
        {eventsLost, sessions},
        'the run before ended without a word; its sessions are closed where they were seen last',
      )
    }
    const plugin = new AnalyticsPlugin(host, config, run)
    plugin.listen()
    host.provide('analytics', plugin)
    registerMetrics(host, plugin)
    log.info({rawMessages: config.rawMessages}, 'analytics started')
    return plugin
  },
})
