import type {Logger} from '../contract/logger.js'
import {GsError} from '../errors.js'
import {logHistoryOf} from '../logging/log-history.js'
import type {GameServer} from '../server/game-server.js'
import type {ProcessPart} from './admin-backend.js'
import type {PluginSource} from './manage-plugins.js'
import {disablePlugin, enablePlugin} from './manage-plugins.js'
import {openAdmin} from './open-admin.js'

/**
 * Opens the admin channel of a server that is part of another program. It ends with the server.
 *
 * @throws {GsError} as `openAdmin`; the server is closed then.
 */
export async function openEmbeddedAdmin(server: GameServer, source: PluginSource, log: Logger): Promise<void> {
  const {socket, readOnlySocket} = source.config.admin
  if (socket === null) return
  const processPart = createProcessPart(server, source, log)
  try {
    await openAdmin({server, processPart, socketPath: socket, readOnlySocketPath: readOnlySocket, log})
  } catch (error) {
    await server.close()
    throw error
  }
}

function createProcessPart(server: GameServer, source: PluginSource, log: Logger): ProcessPart {
  return {
    stop: () => void server.close(),
    drain: forMs => void server.drain({forMs}),
    reload: () =>
      Promise.reject(
        new GsError('not_allowed', 'this server is part of another program and reads no configuration file', {
          hint: 'What can change while running is changed by that program.',
        }),
      ),
    logs: options => logHistoryOf(log)?.read(options),
    enablePlugin: entry => enablePlugin(server, entry, source),
    disablePlugin: (name, isConfirmed) => disablePlugin(server, name, {isConfirmed}),
  }
}
