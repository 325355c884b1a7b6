import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {Config} from '@oclif/core'
import {findCommandsFolder, tellPackageWarnings, writeWarning} from './commands-folder.js'
import {offerOwnPackage} from './own-package.js'

/**
 * How oclif is to look for commands: those of this package, and of the packages that the user installed for `gs`. These
 * find this package by its name from then on.
 */
export function prepareSearch(root: string, env: NodeJS.ProcessEnv) {
  const commandsFolder = findCommandsFolder(env, writeWarning)
  if (commandsFolder !== undefined) offerOwnPackage(pathToFileURL(join(root, '/')))
  if (commandsFolder !== undefined && !env.DEBUG) tellPackageWarnings(writeWarning)
  return {
    root,
    // oclif would look for packages where GS_DATA_DIR says, which is the folder of a server's data.
    userPlugins: false,
    // Whatever is a dependency there, with and without a scope.
    ...(commandsFolder !== undefined && {pluginAdditions: {core: ['*', '@*/*'], path: commandsFolder}}),
  }
}

/** All commands and topics there are, without loading one. */
export function loadWholeConfig(root: string, env: NodeJS.ProcessEnv): Promise<Config> {
  return Config.load(prepareSearch(root, env))
}
