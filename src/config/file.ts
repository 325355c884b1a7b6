import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import {createRequire} from 'node:module'
import {basename, join, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import {type CosmiconfigResult, cosmiconfig, defaultLoaders, type Loader} from 'cosmiconfig'
import {fileFault} from '../util/file-fault.js'
import type {RawConfig} from './check.js'
import {ConfigError, mismatch, type Problem} from './problems.js'

/** Where a configuration is looked for, in this order and in one folder only: the first that exists counts. */
export const SEARCH_PLACES = [
  'gs.config.js',
  'gs.config.ts',
  'gs.config.mjs',
  'gs.config.json',
  'gs.config.yaml',
  '.gsrc',
  '.gsrc.json',
  '.gsrc.yaml',
  '.gsrc.yml',
  '.gsrc.js',
  '.gsrc.ts',
  '.gsrc.mjs',
  'package.json',
] as const

export interface ConfigFile {
  /** Absolute. */
  readonly path: string
  readonly content: RawConfig
}

/** Keeps what a file holds apart from cosmiconfig's own meanings: null is "nothing here" to it, `$import` an order. */
interface Box {
  readonly value: unknown
}

let loads = 0

const loadYaml: Loader = (path, text) => {
  // Comments alone are no document to js-yaml, and an error.
  const isBlank = text.split('\n').every(line => /^\s*(#.*)?$/.test(line))
  return {value: isBlank ? {} : (defaultLoaders['.yaml'](path, text) ?? {})}
}

const loadJson: Loader = (path, text) => {
  const value: unknown = defaultLoaders['.json'](path, text)
  if (basename(path) !== 'package.json') return {value}
  return Object.hasOwn(value as object, 'gs') ? {gs: {value: (value as RawConfig).gs}} : {}
}

/**
 * A module is imported afresh each time, hence the changing query. TypeScript needs no compiler: Node strips the types.
 */
const loadModule: Loader = async path => {
  delete createRequire(path).cache[path]
  loads += 1
  const module: {default?: unknown} = await import(`${pathToFileURL(path).href}?load=${loads}`)
  if (module.default === undefined) throw new Error('the module has no default export')
  return {value: module.default}
}

/**
 * Reads the configuration file: `file` if given, else the first of `SEARCH_PLACES` in `folder`. Folders above are not
 * searched. Null when there is none; an empty file is an empty configuration.
 *
 * @throws {ConfigError} config_invalid when a file is there and cannot be used.
 */
export async function readConfigFile({
  folder,
  file,
}: {
  folder: string
  file?: string | undefined
}): Promise<ConfigFile | null> {
  const path = file === undefined ? undefined : resolve(folder, file)
  const found = await search({folder, path})
  if (path === undefined) await refuseUnreadable(folder, found?.filepath)
  if (!found) return null
  const content = found.isEmpty ? {} : (found.config as Box).value
  const problems = checkShape(content, found.filepath)
  if (problems.length > 0) throw new ConfigError(problems)
  return {path: found.filepath, content: content as RawConfig}
}

async function search({folder, path}: {folder: string; path: string | undefined}): Promise<CosmiconfigResult> {
  const explorer = cosmiconfig('gs', {
    searchPlaces: [...SEARCH_PLACES],
    searchStrategy: 'none',
    ignoreEmptySearchPlaces: false,
    cache: false,
    loaders: {
      noExt: loadYaml,
      '.yaml': loadYaml,
      '.yml': loadYaml,
      '.json': loadJson,
      '.js': loadModule,
      '.mjs': loadModule,
      '.cjs': loadModule,
      '.ts': loadModule,
      '.mts': loadModule,
    },
  })
  try {
    if (path === undefined) return await explorer.search(folder)
    const result = await explorer.load(path)
    if (result === null) throw new Error('it has no key "gs"')
    return result
  } catch (error) {
    const origin = `file ${(error as {filepath?: string}).filepath ?? path ?? folder}`
    throw new ConfigError([{key: '', origin, reason: `cannot be read: ${explainFailure(error)}`}], {cause: error})
  }
}

/** The search passes over what it may not read; starting without the rules somebody wrote down would be worse. */
async function refuseUnreadable(folder: string, foundPath: string | undefined): Promise<void> {
  for (const place of SEARCH_PLACES) {
    const path = join(folder, place)
    if (path === foundPath) return
    try {
      await access(path, constants.R_OK)
    } catch (error) {
      // Nothing there is the common case.
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') continue
      throw new ConfigError([{key: '', origin: `file ${path}`, reason: 'cannot be read: permission denied'}], {
        cause: error,
      })
    }
  }
}

function explainFailure(error: unknown): string {
  // The first line says what is wrong; what follows repeats the path or quotes the file.
  return fileFault(error)
    .replace(/^(JSON|YAML) Error in .*:\n/, '')
    .split('\n')[0] as string
}

function checkShape(content: unknown, path: string): Problem[] {
  const origin = `file ${path}`
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return [{key: '', origin, reason: mismatch('keys with values', content)}]
  }
  return [...prototypeKeys(content, '')].map(key => ({key, origin, reason: 'this name is not allowed'}))
}

/**
 * Paths of keys that would change an object's prototype when copied carelessly. Only plain data is looked into, and each
 * part once: aliases of YAML can make few lines endless.
 */
function* prototypeKeys(value: unknown, path: string, seen = new Set<unknown>()): Generator<string> {
  if (seen.has(value)) return
  if (Array.isArray(value)) {
    seen.add(value)
    for (const [index, entry] of value.entries()) yield* prototypeKeys(entry, `${path}[${index}]`, seen)
  } else if (isPlainObject(value)) {
    seen.add(value)
    for (const [name, inner] of Object.entries(value)) {
      const innerPath = path === '' ? name : `${path}.${name}`
      if (name === '__proto__' || name === 'constructor' || name === 'prototype') yield innerPath
      else yield* prototypeKeys(inner, innerPath, seen)
    }
  }
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
