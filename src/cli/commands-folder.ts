import {readFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join, resolve} from 'node:path'
import {visibleText} from '../util/visible-text.js'

/**
 * The folder into which a user installs packages that bring commands of their own, or undefined when nothing was ever
 * installed there: `GS_COMMANDS_DIR`, `$XDG_DATA_HOME/gs`, or `~/.local/share/gs`. A folder that cannot be read is told
 * to `warn` and counts as none.
 */
export function findCommandsFolder(env: NodeJS.ProcessEnv, warn: (words: string) => void): string | undefined {
  const data = env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local/share')
  const folder = resolve(env.GS_COMMANDS_DIR || join(data, 'gs'))
  try {
    const content: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (typeof content === 'object' && content !== null) return folder
    throw new Error('it is no object')
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR') warn(`${join(folder, 'package.json')}: ${message}`)
    return undefined
  }
}

/** Has what oclif says of faulty packages told in one line each, instead of Node's several. */
export function tellPackageWarnings(warn: (words: string) => void): void {
  process.removeAllListeners('warning')
  process.on('warning', ({message, detail}: Error & {detail?: string}) => {
    const [, plugin] = /^plugin: (.*)$/m.exec(detail ?? '') ?? []
    const [, reason = message] = /^message: (.*)$/m.exec(detail ?? '') ?? []
    warn(plugin === undefined ? reason : `${plugin}: ${reason}`)
  })
}

/** Writes a warning on one line. */
export function writeWarning(words: string): void {
  process.stderr.write(`gs: warning: ${visibleText(words.replaceAll(/\s+/g, ' '))}\n`)
}
