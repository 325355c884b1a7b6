import {render} from 'ink'
import {createElement} from 'react'
import type {AdminClient} from '../../../client/admin/admin-client.js'
import {showRealtime} from '../../../ops/admin/analytics.js'
import type {TerminalLook} from '../../model/terminal-look.js'
import {AnalyticsScreen} from './AnalyticsScreen.js'

/**
 * Takes the terminal until the person leaves, and gives it back as it was.
 *
 * @throws {GsError} when the server cannot be asked at the beginning.
 */
export async function showAnalyticsScreen({admin, look}: {admin: AdminClient; look: TerminalLook}): Promise<void> {
  // Before the screen is taken: who asks in vain is told so in words.
  await showRealtime(admin)
  const left = Promise.withResolvers<void>()
  const poll = () => showRealtime(admin)
  const screen = render(createElement(AnalyticsScreen, {poll, look, onLeave: left.resolve}), {
    alternateScreen: true,
    exitOnCtrlC: false,
    interactive: true,
    incrementalRendering: true,
  })
  const gone = screen.waitUntilExit()
  const end = () => left.resolve()
  process.once('SIGTERM', end)
  process.once('SIGHUP', end)
  try {
    await Promise.race([left.promise, gone])
  } finally {
    process.off('SIGTERM', end)
    process.off('SIGHUP', end)
    screen.unmount()
    await gone.catch(() => {})
  }
}
