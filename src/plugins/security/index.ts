import {definePlugin} from '../../pipeline/define-plugin.js'
import {GUEST_IDS} from '../../protocol/limits.js'
import {BlockKeeper} from './block-keeper.js'
import type {SecurityConfig} from './limits.js'
import {Security} from './security.js'
import {securityMetrics} from './security-metrics.js'

const SWEEP_MS = 60_000
const RECORD_INTERVAL_MS = 1000

/** Rate limits, content rules and blocks. A failure of it refuses: it never opens the door. */
export const securityPlugin = definePlugin<SecurityConfig>({
  name: 'security',
  onFailure: 'closed',
  async setup(host, config) {
    const {clock, store, log, users} = host
    const keeper = await BlockKeeper.open({store, clock, log})
    const security = new Security(host, config, keeper)
    const {door, guard, seen} = security
    door.inherit(users)
    host.hook('connectionOpened', attempt => door.connectionOpened(attempt))
    host.hook('userConnecting', attempt => door.userConnecting(attempt))
    host.hook('frameReceived', frame => {
      if (frame.userId === null) door.frameBeforeWelcome(frame)
    })
    host.hook('beforeMessage', attempt => guard.beforeMessage(attempt))
    host.hook('afterMessage', record => guard.afterMessage(record))
    host.hook('connectionClosed', closed => door.connectionClosed(closed))
    host.on('userConnected', event => {
      door.userConnected(event)
      // Guests get another id each time, so theirs say nothing.
      if (event.userId < GUEST_IDS.first || event.userId > GUEST_IDS.last) seen.note(event.userId)
    })
    host.every(RECORD_INTERVAL_MS, () => seen.write())
    host.every(SWEEP_MS, () => keeper.sweep())
    const {api} = security
    for (const source of securityMetrics(api)) host.metric(source)
    host.provide('security', api)
    return {
      configure: changed => security.configure(changed as SecurityConfig),
      close: () => security.close(),
    }
  },
})
