/** What pages and completions need of `oclif.manifest.json`. */
export interface Manifest {
  readonly version: string
  readonly commands: Readonly<Record<string, ManifestCommand>>
}

export interface ManifestCommand {
  readonly id: string
  readonly summary?: string | undefined
  readonly description?: string | undefined
  readonly examples?: readonly string[] | undefined
  readonly strict?: boolean | undefined
  readonly hidden?: boolean | undefined
  readonly args: Readonly<Record<string, ManifestArgument>>
  readonly flags: Readonly<Record<string, ManifestFlag>>
}

export interface ManifestArgument {
  readonly name: string
  readonly description?: string | undefined
  readonly required?: boolean | undefined
  readonly options?: readonly string[] | undefined
}

export interface ManifestFlag {
  readonly name: string
  readonly type: 'boolean' | 'option'
  readonly char?: string | undefined
  readonly description?: string | undefined
  readonly env?: string | undefined
  readonly default?: unknown
  readonly options?: readonly string[] | undefined
  readonly helpValue?: string | readonly string[] | undefined
  readonly required?: boolean | undefined
  readonly multiple?: boolean | undefined
  readonly hidden?: boolean | undefined
}

const GLOBAL_FLAGS = ['json', 'socket', 'name', 'timeout']

/** It asks a running server, so it has the four flags of all such commands. */
export function isAsking({flags}: ManifestCommand): boolean {
  return GLOBAL_FLAGS.every(name => name in flags)
}

/** What all commands that ask a server have is told in one place; `own` is the rest. Hidden flags are in neither. */
export function splitFlags(command: ManifestCommand): {own: ManifestFlag[]; global: ManifestFlag[]} {
  const shown = Object.values(command.flags).filter(({hidden}) => hidden !== true)
  if (!isAsking(command)) return {own: shown, global: []}
  return {
    own: shown.filter(({name}) => !GLOBAL_FLAGS.includes(name)),
    global: GLOBAL_FLAGS.flatMap(name => command.flags[name] ?? []),
  }
}
