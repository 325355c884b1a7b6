import type {ManifestCommand, ManifestFlag} from '../manifest.js'

/** What can be typed after `gs`. */
export interface Completed {
  readonly commands: readonly CompletedCommand[]
  /** Words in front of commands that may be no commands themselves; their names have colons. */
  readonly topics: ReadonlyArray<{readonly name: string; readonly description?: string | undefined}>
}

type CompletedCommand = Omit<ManifestCommand, 'examples'>

/** A place in the command line after `gs` and some words, and what may come there. */
export interface CompletionPlace {
  /** The words, such as `room show`; empty for `gs` itself. */
  readonly name: string
  readonly words: readonly CompletionWord[]
  readonly flags: readonly CompletionFlag[]
}

export interface CompletionWord {
  readonly name: string
  readonly summary: string
}

export interface CompletionFlag extends CompletionWord {
  readonly char: string | undefined
  readonly takes: 'nothing' | 'file' | 'value'
  /** What the value may be; empty: anything. */
  readonly values: readonly string[]
}

const FILE_VALUES = ['FILE', 'PATH']
const HELP: CompletionFlag = {name: 'help', summary: 'Show help.', char: undefined, takes: 'nothing', values: []}

/** All places, by name. The same commands always give the same. */
export function completionPlaces({commands, topics}: Completed): CompletionPlace[] {
  const shown = commands.filter(({hidden}) => hidden !== true)
  const byName = new Map(shown.map(command => [command.id.replaceAll(':', ' '), command]))
  const summaries = new Map(topics.map(({name, description}) => [name.replaceAll(':', ' '), description]))
  const names = [...new Set([...byName.keys()].flatMap(name => [...parentsOf(name), name]))].sort()
  return names.map(name => {
    const command = byName.get(name)
    const children = names.filter(child => child !== '' && parentOf(child) === name)
    return {
      name,
      words: [
        ...children.map(child => ({
          name: lastWord(child),
          summary: byName.get(child)?.summary ?? summaries.get(child) ?? '',
        })),
        ...argumentWords(command),
      ],
      flags: command === undefined ? [HELP] : [...Object.values(command.flags).flatMap(toFlag), HELP],
    }
  })
}

function parentsOf(name: string): string[] {
  const parent = parentOf(name)
  return parent === '' ? [''] : [...parentsOf(parent), parent]
}

function parentOf(name: string): string {
  return name.split(' ').slice(0, -1).join(' ')
}

function lastWord(name: string): string {
  return name.split(' ').at(-1) as string
}

/** Of the first argument: those of the others come after it, where no place looks. */
function argumentWords(command: CompletedCommand | undefined): CompletionWord[] {
  const [first] = Object.values(command?.args ?? {})
  return (first?.options ?? []).map(name => ({name, summary: first?.description ?? ''}))
}

function toFlag({name, char, type, description, options, helpValue, hidden}: ManifestFlag): CompletionFlag[] {
  if (hidden === true) return []
  const takes = type === 'boolean' ? 'nothing' : FILE_VALUES.includes(String(helpValue)) ? 'file' : 'value'
  return [{name, char, summary: (description ?? '').replace(/ \[env: \w+\]/, ''), takes, values: options ?? []}]
}
