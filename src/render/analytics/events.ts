import type {Dropped} from '../../contract/admin.js'
import type {AnalyticsEvent} from '../../contract/analytics.js'
import {visibleText} from '../../util/visible-text.js'

const TYPE_WIDTH = 17

/** An event for people: when, what, and its fields. */
export function renderAnalyticsEvent(event: AnalyticsEvent | Dropped): string {
  if ('dropped' in event) return `(${event.dropped} dropped: they came faster than they were read)`
  const {id: _, timestamp, type, ...fields} = event
  const words = Object.entries(fields).map(([name, value]) => `${name}=${inline(value)}`)
  return [timestamp, type.padEnd(TYPE_WIDTH), ...words].join(' ')
}

function inline(value: unknown): string {
  return visibleText(typeof value === 'string' && !/[\s"=]/.test(value) ? value : JSON.stringify(value))
}
