import {existsSync, globSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

export interface Import {
  readonly specifier: string
  /** The imported file's path from the project's root; undefined for packages and node: modules. */
  readonly path: string | undefined
  /** What stands in the braces of a static import, with `type` where it stands there. */
  readonly names: readonly string[]
  /** Gone after compilation. */
  readonly isType: boolean
  readonly isDynamic: boolean
}

export interface SourceFile {
  /** From the project's root, with slashes. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
}

const staticImport =
  /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w$]+\s*,\s*)?(?:[\w$]+|\*(?:\s+as\s+[\w$]+)?|\{([^}]*)\})\s+from\s+['"]([^'"]+)['"]/gm
const bareImport = /^[ \t]*import\s+['"]([^'"]+)['"]/gm
const dynamicImport = /\b(?:import|require|getBuiltinModule)\(\s*['"]([^'"]+)['"]/g

/** Reads the TypeScript files below `folders`; a folder that does not exist has none. */
export function readSources(folders: readonly string[]): SourceFile[] {
  return folders
    .filter(folder => existsSync(join(projectRoot, folder)))
    .flatMap(folder => globSync(`${folder}/**/*.{ts,tsx}`, {cwd: projectRoot}))
    .sort()
    .map(path => sourceFile(path, readFileSync(join(projectRoot, path), 'utf8')))
}

/** Finds imports by their text: the TypeScript in use offers no parser to programs. */
export function sourceFile(path: string, text: string): SourceFile {
  const imports: Import[] = []
  const add = (specifier: string, more: {names?: string[]; isType?: boolean; isDynamic?: boolean} = {}) =>
    imports.push({
      specifier,
      path: specifier.startsWith('.') ? resolve(path, specifier) : undefined,
      names: more.names ?? [],
      isType: more.isType ?? false,
      isDynamic: more.isDynamic ?? false,
    })
  for (const [, type, names, specifier = ''] of text.matchAll(staticImport)) {
    add(specifier, {names: splitNames(names), isType: type !== undefined})
  }
  for (const [, specifier = ''] of text.matchAll(bareImport)) add(specifier)
  for (const [, specifier = ''] of text.matchAll(dynamicImport)) add(specifier, {isDynamic: true})
  return {path, text, imports}
}

/** `ink` of `ink/build/x.js`, `@oclif/core` of `@oclif/core/flags`; undefined for files and node: modules. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function splitNames(names = ''): string[] {
  return names
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

/** Sources name the compiled file: `./x.js` stands for `x.ts` or `x.tsx`. */
function resolve(from: string, specifier: string): string {
  const path = join(dirname(from), specifier)
  if (!path.endsWith('.js')) return path
  const stem = path.slice(0, -'.js'.length)
  return existsSync(join(projectRoot, `${stem}.tsx`)) ? `${stem}.tsx` : `${stem}.ts`
}
