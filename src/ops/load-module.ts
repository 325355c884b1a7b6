import {existsSync, readFileSync} from 'node:fs'
import {createRequire, findPackageJSON} from 'node:module'
import {dirname, isAbsolute, join, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import {inspect} from 'node:util'
import {GsError} from '../errors.js'

export interface ModuleSource {
  /** Folder that paths and packages are looked up from: the configuration file's, or the working directory. */
  readonly baseDir: string
  /**
   * Any text that was not used before: module files are then read again, without what they import. CommonJS files are
   * kept by Node and never read again.
   */
  readonly version?: string
}

/** What a module is expected to bring. */
export interface ModuleKind {
  /** As in `game`: the word for it, and the name of the export beside `default`. */
  readonly noun: 'game' | 'plugin'
  readonly code: 'game_invalid' | 'plugin_invalid' | 'plugin_not_found'
  /** Names that need no module. */
  readonly builtIns: readonly string[]
}

/** What a module exports, and how to name it in an error. */
export interface LoadedExport {
  /** The entry of the configuration, and the file where that says more. */
  readonly origin: string
  readonly value: unknown
}

interface Located {
  readonly origin: string
  readonly path: string
}

/**
 * Imports what a configuration names: a path (`./chess.js`, `../x.ts`, `/srv/x.js`) or a package. What counts is the
 * default export, or the export that is named like the kind.
 *
 * @throws {GsError} the kind's code when it cannot be found, loaded, or exports nothing of use.
 */
export async function loadModule(
  entry: string,
  kind: ModuleKind,
  {baseDir, version}: ModuleSource,
): Promise<LoadedExport> {
  const located = isPath(entry) ? locateFile(entry, kind, baseDir) : locatePackage(entry, kind, baseDir)
  const url = pathToFileURL(located.path)
  if (version !== undefined) url.searchParams.set('version', version)
  return {origin: located.origin, value: exportOf(await importModule(url, located, kind), located, kind)}
}

function isPath(entry: string): boolean {
  return /^\.\.?[/\\]/.test(entry) || isAbsolute(entry)
}

function locateFile(entry: string, {noun, code}: ModuleKind, baseDir: string): Located {
  const path = resolve(baseDir, entry)
  if (existsSync(path)) return {origin: entry, path}
  const message = entry === path ? `there is no file ${path}` : `${entry}: there is no file ${path}`
  throw new GsError(code, message, {
    hint: `Paths of ${noun}s are relative to ${baseDir}; give the file's full name, with its extension.`,
  })
}

function locatePackage(entry: string, {noun, code, builtIns}: ModuleKind, baseDir: string): Located {
  try {
    const path = resolvePackage(entry, baseDir)
    return {origin: `${entry} (${path})`, path}
  } catch (error) {
    throw new GsError(code, `${entry}: neither a built-in ${noun} nor a package that is found from ${baseDir}`, {
      cause: error,
      hint: `Built-in ${noun}s are ${listOf(builtIns)}. A file is named by a path, such as ./${entry}.js; a package has to be installed.`,
    })
  }
}

/** `require`'s way of looking up serves for ES modules too, but for packages that let nobody but `import` in. */
function resolvePackage(name: string, baseDir: string): string {
  const base = pathToFileURL(join(baseDir, 'any.js'))
  try {
    return createRequire(base).resolve(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error
    const manifest = findPackageJSON(name, base)
    const target = manifest === undefined ? undefined : importTarget(JSON.parse(readFileSync(manifest, 'utf8')).exports)
    if (manifest === undefined || target === undefined) throw error
    return join(dirname(manifest), target)
  }
}

/** The file that `exports` of a manifest gives to those who import the package by its bare name. */
function importTarget(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports
  if (typeof exports !== 'object' || exports === null) return undefined
  for (const [condition, target] of Object.entries(exports)) {
    if (!['.', 'node', 'import', 'module-sync', 'default'].includes(condition)) continue
    const found = importTarget(target)
    if (found !== undefined) return found
  }
  return undefined
}

async function importModule(url: URL, located: Located, kind: ModuleKind): Promise<Record<string, unknown>> {
  try {
    return await import(/* @vite-ignore */ url.href)
  } catch (error) {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : inspect(error)
    throw unusable(located, kind, `it could not be loaded: ${what}`, error)
  }
}

function exportOf(module: Record<string, unknown>, located: Located, kind: ModuleKind): unknown {
  const {noun} = kind
  const found = module.default ?? module[noun]
  if (found === undefined) {
    const names = Object.keys(module)
    const exported = names.length === 0 ? 'it exports nothing' : `it exports ${names.slice(0, 10).join(', ')}`
    throw unusable(located, kind, `${exported}; a ${noun} is the default export, or an export named ${noun}`)
  }
  return unwrapped(found, noun)
}

/** What CommonJS exports by name, as a compiler also writes a default, arrives one level down. */
function unwrapped(found: unknown, noun: string): unknown {
  if (typeof found !== 'object' || found === null || 'setup' in found) return found
  const {default: inner, [noun]: named} = found as Record<string, unknown>
  return inner ?? named ?? found
}

function unusable({origin}: Located, {noun}: ModuleKind, reason: string, cause?: unknown): GsError {
  return new GsError(`${noun}_invalid`, `${origin}: ${reason}`, cause === undefined ? {} : {cause})
}

function listOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
