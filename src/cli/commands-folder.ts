import {existsSync} from 'node:fs'
import {homedir} from 'node:os'
import {join, resolve} from 'node:path'

/**
 * The folder into which a user installs packages that bring commands of their own, or undefined when nothing was ever
 * installed there: `GS_COMMANDS_DIR`, `$XDG_DATA_HOME/gs`, or `~/.local/share/gs`.
 */
export function findCommandsFolder(env: NodeJS.ProcessEnv): string | undefined {
  const folder = env.GS_COMMANDS_DIR || join(env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local/share'), 'gs')
  return existsSync(join(folder, 'package.json')) ? resolve(folder) : undefined
}
