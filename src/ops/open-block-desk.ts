import type {Logger} from '../contract/logger.js'
import type {BlockDesk} from '../contract/security.js'
import type {GameServer} from '../server/game-server.js'
import {systemClock} from '../util/system-clock.js'

/**
 * The blocks of a server: those that the security plugin enforces, or, where it does not run, those that wait in the
 * store.
 *
 * @throws {GsError} as `openStoredBlocks`.
 */
export async function openBlockDesk(
  server: GameServer,
  log: Logger,
): Promise<{readonly desk: BlockDesk; readonly isEnforced: boolean}> {
  if (server.provided('security') !== undefined) return {desk: server.security, isEnforced: true}
  const {openStoredBlocks} = await import('../plugins/security/stored-blocks.js')
  return {desk: await openStoredBlocks({store: server.store, clock: systemClock, log}), isEnforced: false}
}
