import type {AdminClient} from '../../client/admin/admin-client.js'
import {getStatus} from '../../ops/admin/instance.js'
import type {TerminalLook} from '../model/terminal-look.js'
import {TopSession} from '../top/top-session.js'
import type {TopOptions} from '../top/top-state.js'
import {showTopScreen} from './show-top-screen.js'

/**
 * Shows a server until the person leaves; returns the exit status.
 *
 * @throws {GsError} as `AdminClient.request`, before the screen is taken when the server is not there.
 */
export async function runTop({
  client,
  options,
  actor,
  look,
}: {
  client: AdminClient
  options: TopOptions
  /** Who acts, for the audit. */
  actor: string
  look: TerminalLook
}): Promise<number> {
  await getStatus(client)
  const session = new TopSession({client, options, isUtf8: look.isUtf8, folder: process.cwd(), actor, nowMs: Date.now})
  return showTopScreen(session, look)
}
