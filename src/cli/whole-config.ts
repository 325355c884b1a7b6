import {Config} from '@oclif/core'
import {findCommandsFolder} from './commands-folder.js'

/** How oclif is to look for commands: those of this package, and of the packages that the user installed for `gs`. */
export function searchOptions(root: string, env: NodeJS.ProcessEnv) {
  const commandsFolder = findCommandsFolder(env)
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
  return Config.load(searchOptions(root, env))
}
