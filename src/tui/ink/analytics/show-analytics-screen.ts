import {createElement} from 'react'
import type {AdminClient} from '../../../client/admin/admin-client.js'
import {showRealtime} from '../../../ops/admin/analytics.js'
import type {TerminalLook} from '../../model/terminal-look.js'
import {showScreen} from '../show-screen.js'
import {AnalyticsScreen} from './AnalyticsScreen.js'

/**
 * Takes the terminal until the person leaves, and gives it back as it was. Returns the exit status.
 *
 * @throws {GsError} when the server cannot be asked at the beginning.
 */
export async function showAnalyticsScreen({admin, look}: {admin: AdminClient; look: TerminalLook}): Promise<number> {
  // Before the screen is taken: who asks in vain is told so in words.
  await showRealtime(admin)
  const poll = () => showRealtime(admin)
  return showScreen(onLeave => createElement(AnalyticsScreen, {poll, look, onLeave}))
}
