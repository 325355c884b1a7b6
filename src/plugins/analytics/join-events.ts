import type {Dropped} from '../../contract/admin.js'
import type {AnalyticsEvent} from '../../contract/analytics.js'

/** Past events, then those that come; an event that is part of both comes once. */
export async function* joinEvents(
  readPast: () => Promise<readonly AnalyticsEvent[]>,
  coming: AsyncIterableIterator<AnalyticsEvent | Dropped> | null,
): AsyncGenerator<AnalyticsEvent | Dropped, void, void> {
  try {
    let lastId = 0
    for (const event of await readPast()) {
      lastId = event.id
      yield event
    }
    if (coming === null) return
    for await (const event of coming) if ('dropped' in event || event.id > lastId) yield event
  } finally {
    await coming?.return?.()
  }
}
