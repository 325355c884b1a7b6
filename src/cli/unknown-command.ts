import {readFileSync} from 'node:fs'
import {nearest} from '../config/nearest.js'
import {GsError} from '../errors.js'
import {visibleValue} from '../util/visible-text.js'

/** What oclif says of a name that is none, in words of ours, with the command that may have been meant. */
export function describeUnknownCommand(error: unknown, root: URL): unknown {
  const [, id] = /^command (.+) not found\.?$/is.exec(error instanceof Error ? error.message : '') ?? []
  if (id === undefined) return error
  const name = id.replaceAll(':', ' ')
  if (name.startsWith('-')) {
    const message = `there is no command in front of ${visibleValue(name)}`
    return new GsError('usage', message, {cause: error, hint: 'Flags come behind a command. See gs --help'})
  }
  return new GsError('usage', `there is no command ${visibleValue(name)}`, {
    cause: error,
    hint: hintFor(name, commandNames(root)),
  })
}

function hintFor(name: string, names: readonly string[]): string {
  const begun = names.filter(known => name.startsWith(`${known} `)).at(-1)
  if (begun !== undefined) return `See gs ${begun} --help`
  const meant = nearest(name, names)
  return meant === undefined ? 'See gs --help' : `Did you mean gs ${meant}? See gs --help`
}

function commandNames(root: URL): string[] {
  const manifest = JSON.parse(readFileSync(new URL('oclif.manifest.json', root), 'utf8')) as {commands: object}
  return Object.keys(manifest.commands).map(id => id.replaceAll(':', ' '))
}
