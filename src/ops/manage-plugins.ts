import {randomUUID} from 'node:crypto'
import type {PluginDefinition, PluginStatus} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import type {GameServer} from '../server/game-server.js'
import {checkPluginConfigs} from './check-plugin-configs.js'
import {loadPlugin} from './load-plugins.js'
import type {ServerSource} from './server-source.js'

/** The configuration that was loaded last, the first or that of a reload: what plugins are configured by. */
export type PluginSource = Pick<ServerSource, 'config' | 'pluginInput' | 'baseDir' | 'configOrigin'>

/**
 * Enables a plugin in a running server. `entry` is the name of one that was disabled, or what `plugins` of the
 * configuration may list: a built-in's name, a path, a package. Its module is read again, but for CommonJS, and its part of
 * the configuration is checked. One that runs already stays as it is when `entry` is its name.
 *
 * @throws {GsError} plugin_not_found, plugin_invalid, config_invalid or plugin_setup_failed, and then nothing has changed;
 * server_closed.
 */
export async function enablePlugin(server: GameServer, entry: string, source: PluginSource): Promise<PluginStatus> {
  const known = findStatus(server, entry)
  if (known !== undefined && known.state !== 'disabled') return known
  const {definition, loadedBy} = await findDefinition(server, entry, source)
  await server.enablePlugin({definition, config: configOf(definition, source), entry: loadedBy})
  return statusOf(server, definition.name)
}

/**
 * Disables a plugin of a running server until it is enabled again; one that is disabled already stays so.
 *
 * @throws {GsError} not_found; usage for `security` unless that is confirmed; server_closed.
 */
export async function disablePlugin(
  server: GameServer,
  name: string,
  {isConfirmed}: {isConfirmed: boolean},
): Promise<PluginStatus> {
  await server.disablePlugin(name, {isConfirmed})
  return statusOf(server, name)
}

async function findDefinition(
  server: GameServer,
  entry: string,
  {baseDir}: PluginSource,
): Promise<{definition: PluginDefinition<never>; loadedBy: string | undefined}> {
  const known = server.configuredPlugin(entry)
  const loadedBy = known === undefined ? entry : known.entry
  if (known !== undefined && loadedBy === undefined) return {definition: known.definition, loadedBy}
  return {definition: await loadPlugin(loadedBy as string, {baseDir, version: randomUUID()}), loadedBy}
}

function configOf(definition: PluginDefinition<never>, source: PluginSource): unknown {
  const {pluginInput} = source
  const {name} = definition
  const ownInput = Object.hasOwn(pluginInput, name) ? {[name]: pluginInput[name]} : {}
  return checkPluginConfigs([definition], {...source, pluginInput: ownInput}).get(name)
}

function findStatus(server: GameServer, name: string): PluginStatus | undefined {
  return server.plugins.find(plugin => plugin.name === name)
}

function statusOf(server: GameServer, name: string): PluginStatus {
  const status = findStatus(server, name)
  if (status === undefined) throw new GsError('not_found', `there is no plugin ${name}`)
  return status
}
