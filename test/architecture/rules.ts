import {basename} from 'node:path'
import {packageOf, type SourceFile} from './sources.js'

/** Gives one sentence for each breach. */
export type Rule = (files: readonly SourceFile[]) => string[]

/** From the bottom up. A file imports its own rank or a lower one; parts of a `separate` rank stay apart. */
const ranks: ReadonlyArray<{parts: readonly string[]; separate?: true}> = [
  {parts: ['src/contract', 'src/errors.ts', 'src/units.ts', 'src/util']},
  {
    parts: [
      'src/config',
      'src/protocol',
      'src/pipeline',
      'src/rooms',
      'src/games',
      'src/store',
      'src/telemetry',
      'src/logging',
    ],
    separate: true,
  },
  {parts: ['src/server', 'src/client', 'src/plugins'], separate: true},
  {parts: ['src/admin']},
  {parts: ['src/ops']},
  {parts: ['src/render', 'src/tui']},
  {parts: ['src/cli']},
  {parts: ['commands']},
]

const front = 'src/index.ts'
const frontRank = 4

/** One outside library, one home; one that is not named here may be used anywhere. */
const homes = new Map([
  ['@oclif/core', ['src/cli', 'commands']],
  ['blessed', ['src/tui/blessed']],
  ['blessed-contrib', ['src/tui/blessed']],
  ['cosmiconfig', ['src/config']],
  ['d3-scale', ['src/render/analytics/report']],
  ['d3-shape', ['src/render/analytics/report']],
  ['fastify', ['src/admin']],
  ['hyparquet-writer', ['src/ops/analytics/export']],
  ['ink', ['src/tui/ink']],
  ['jose', ['src/server', 'src/ops']],
  ['pino', ['src/logging']],
  ['pino-pretty', ['src/logging']],
  ['react', ['src/tui/ink']],
  ['zod', ['src/config', 'src/plugins', 'src/ops', 'src/admin']],
])

const socketHomes = ['src/server', 'src/client', 'src/admin', 'src/plugins/metrics/prometheus-listener.ts']

/** What node:net has that opens no socket. */
const addressNames = ['BlockList', 'SocketAddress', 'isIP', 'isIPv4', 'isIPv6']

const vagueNames = ['utils', 'helpers', 'types', 'common']

const maxCommandLines = 80

export const everyFileHasARank: Rule = files =>
  files
    .filter(file => isBelow(file.path, ['src', 'commands']) && file.path !== front && rankOf(file.path) === undefined)
    .map(file => `${file.path} belongs to no part that has a rank`)

export const importsPointDown: Rule = files =>
  eachImport(files, (file, {path}) => {
    if (path === undefined || !isBelow(path, ['src', 'commands'])) return undefined
    const to = rankOf(path)
    if (file.path === front) return to !== undefined && to > frontRank ? 'is too high for the library' : undefined
    const from = rankOf(file.path)
    if (from === undefined) return undefined
    if (path === front) return 'is the front, which is for embedders only'
    if (to === undefined) return 'has no rank'
    if (to > from) return 'is of a higher rank'
    if (to === from && ranks[to]?.separate && partOf(path) !== partOf(file.path)) return 'is a part of the same rank'
    return undefined
  })

export const contractStandsAlone: Rule = files =>
  eachImport(files, (file, {specifier, path, isType}) => {
    if (!isBelow(file.path, ['src/contract'])) return undefined
    if (path !== undefined && isBelow(path, ['src/contract'])) return undefined
    return specifier.startsWith('node:') && isType ? undefined : 'is neither of the contract nor a type of node:'
  })

export const nothingImportsCommands: Rule = files =>
  eachImport(files, (_file, {path}) =>
    path !== undefined && isBelow(path, ['commands']) ? 'is a command, which nothing imports' : undefined,
  )

export const noImportCycles: Rule = files => {
  const imports = new Map(files.map(file => [file.path, file.imports.flatMap(({path}) => path ?? [])]))
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path)
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' -> '))
    if (start >= 0 || done.has(path)) return
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of imports.keys()) visit(path, [])
  return cycles
}

export const librariesStayHome: Rule = files =>
  eachImport(files, (file, {specifier}) => {
    if (isBelow(file.path, ['examples'])) return undefined
    const allowed = homes.get(packageOf(specifier) ?? '')
    return allowed && !isBelow(file.path, allowed) ? `is for ${allowed.join(' and ')} only` : undefined
  })

export const socketsStayHome: Rule = files =>
  eachImport(files, (file, {specifier, names}) => {
    const isServer = specifier === 'node:http' && names.includes('createServer')
    if ((specifier !== 'node:net' && !isServer) || isBelow(file.path, ['examples', ...socketHomes])) return undefined
    const onlyAddresses =
      !isServer && names.length > 0 && names.every(name => addressNames.includes(name.replace(/^type\s+/, '')))
    return onlyAddresses ? undefined : `is for ${socketHomes.join(' and ')} only`
  })

/** A static import of node:http makes a short command a third slower: it reads every export and so loads undici. */
export const shortCommandsLoadHttpLate: Rule = files =>
  eachImport(files, (file, {specifier, isType, isDynamic}) => {
    if (specifier !== 'node:http' || !isBelow(file.path, ['src/cli', 'src/client', 'commands'])) return undefined
    return isType || isDynamic ? undefined : "is slow to load: take it by process.getBuiltinModule('node:http')"
  })

/** The main thread waits for no disk. The lock of a file is taken once, and nothing is written to it. */
export const databasesStayInThreads: Rule = files =>
  eachImport(files, (file, {specifier, path, isType}) => {
    if (isBelow(file.path, ['src/store/worker'])) return undefined
    if (path !== undefined && isBelow(path, ['src/store/worker'])) return 'is for threads of the store only'
    if (specifier !== 'node:sqlite' || isType || file.path === 'src/util/exclusive-lock.ts') return undefined
    return 'is for src/store/worker only'
  })

export const examplesUseTheFront: Rule = files =>
  eachImport(files, (file, {specifier, path}) => {
    if (!isBelow(file.path, ['examples'])) return undefined
    if (path !== undefined && !isBelow(path, ['examples'])) return 'is inside the package; examples use its front'
    return specifier.startsWith('@gsrv/gs/') && specifier !== '@gsrv/gs/cli' ? 'is not the front' : undefined
  })

export const commandsAreShort: Rule = files =>
  files
    .filter(file => isBelow(file.path, ['commands']))
    .map(file => ({path: file.path, lines: file.text.trimEnd().split('\n').length}))
    .filter(({lines}) => lines > maxCommandLines)
    .map(({path, lines}) => `${path} has ${lines} lines, a command has ${maxCommandLines} at most`)

export const onlyCommandsExportDefault: Rule = files =>
  files
    .filter(file => isBelow(file.path, ['src']) && /^export\s+(default\b|\{[^}]*\bas\s+default\b)/m.test(file.text))
    .map(file => `${file.path} has a default export`)

export const namesSayTheSubject: Rule = files =>
  files
    .filter(file => vagueNames.includes(basename(file.path).replace(/\.tsx?$/, '')))
    .map(file => `${file.path} does not name its subject`)

export const nothingExitsTheProcess: Rule = files =>
  files
    .filter(file => isBelow(file.path, ['src', 'commands']) && file.text.includes('process.exit('))
    .map(file => `${file.path} calls process.exit`)

function eachImport(
  files: readonly SourceFile[],
  judge: (file: SourceFile, found: SourceFile['imports'][number]) => string | undefined,
): string[] {
  return files.flatMap(file =>
    file.imports.flatMap(found => {
      const reason = judge(file, found)
      return reason === undefined ? [] : `${file.path} imports ${found.specifier}, which ${reason}`
    }),
  )
}

function isBelow(path: string, parts: readonly string[]): boolean {
  return parts.some(part => path === part || path.startsWith(`${part}/`))
}

function rankOf(path: string): number | undefined {
  const rank = ranks.findIndex(({parts}) => isBelow(path, parts))
  return rank < 0 ? undefined : rank
}

/** The folder that stands for itself: each plugin is a part of its own. */
function partOf(path: string): string {
  const depth = isBelow(path, ['src/plugins']) ? 3 : 2
  return path.split('/').slice(0, depth).join('/')
}
