import type {AnalyticsApi} from '../../contract/analytics.js'
import type {PluginHost} from '../../contract/plugins.js'

/** Offers what became of events as metrics. */
export function registerMetrics({metric}: Pick<PluginHost, 'metric'>, analytics: Pick<AnalyticsApi, 'stats'>): void {
  metric({
    name: 'analytics_events_total',
    help: 'Events taken in, messages that are only counted included.',
    type: 'counter',
    read: () => analytics.stats().totalEventsProcessed,
  })
  metric({
    name: 'analytics_events_dropped_total',
    help: 'Events that the store could not take; they are part of all sums.',
    type: 'counter',
    read: () => analytics.stats().eventsDropped,
  })
  metric({
    name: 'analytics_buffer_used_ratio',
    help: 'How much of the room for events that wait to be stored is taken.',
    type: 'gauge',
    read: () => analytics.stats().bufferUtilizationPercent / 100,
  })
}
