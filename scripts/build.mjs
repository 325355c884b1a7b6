// Builds dist/, oclif.manifest.json and what is generated from the code for docs/. Arguments name the steps to run; without any, all run.
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join, relative} from 'node:path'
import process from 'node:process'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Files started by their own path: programs of threads and of processes. */
const workerEntries = [
  'src/client/bench/load-worker.ts',
  'src/store/worker/row-program.ts',
  'src/store/worker/store-worker.ts',
]

/** Loaded only by what needs them, and big or fond of reading their own files: they stay packages. */
const external = ['blessed', 'blessed-contrib', 'cosmiconfig', 'fastify', 'jose', 'pino', 'zod']

/** Bundled CommonJS packages expect these names, which ES modules lack. */
const commonJsNames = [
  "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)",
  'const __filename = import.meta.filename',
  'const __dirname = import.meta.dirname',
].join('\n')

/** ink imports it for debugging only; left external it would be a static import that fails. */
const withoutReactDevtools = {
  name: 'without-react-devtools',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^react-devtools-core$/}, () => ({path: 'react-devtools-core', namespace: 'empty'}))
    onLoad({filter: /.*/, namespace: 'empty'}, () => ({contents: 'export default undefined'}))
  },
}

/** All that is used of oclif. */
const oclifFront = "export {Args, Command, Config, Flags, Help, run} from '@oclif/core'"

const oneOclif = {
  name: 'one-oclif',
  setup({onResolve}) {
    onResolve({filter: /^@oclif\/core$/}, () => ({path: '#dist/oclif.js', external: true}))
  },
}

/** An import of a module of Node reads all that it exports, which loads half of Node; this loads what is used. */
const lazyNode = {
  name: 'lazy-node',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^node:/}, ({path}) => ({path, namespace: 'node'}))
    onLoad({filter: /.*/, namespace: 'node'}, ({path}) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }))
  },
}

/**
 * Has the modules of oclif load each other when they are first used, not when they are loaded: a command uses a third of
 * them. They are what the TypeScript compiler writes, in which `x_1` always is what a `require` gave.
 */
const lazyOclif = {
  name: 'lazy-oclif',
  setup({onLoad}) {
    onLoad({filter: /@oclif[\\/]core[\\/]lib[\\/].*\.js$/}, ({path}) => {
      const names = []
      const withFunctions = readFileSync(path, 'utf8').replaceAll(
        /^(?:const|var) (\w+_\d+) = ((?:__importDefault|__importStar)?\(?require\("[^"]+"\)\)?);$/gm,
        (_line, name, value) => {
          names.push(name)
          return `let ${name}$cached; const ${name}$ = () => (${name}$cached ??= ${value});`
        },
      )
      const contents = names.reduce(
        (text, name) => text.replaceAll(new RegExp(`\\b${name}\\b(?!\\$)`, 'g'), `(${name}$())`),
        withFunctions,
      )
      const withGetters = contents.replaceAll(
        /^exports\.(\w+) = (__importStar\(require\("[^"]+"\)\));$/gm,
        (_line, name, value) => `Object.defineProperty(exports, "${name}", { enumerable: true, get: () => ${value} });`,
      )
      return {contents: withGetters, loader: 'js'}
    })
  },
}

/** The documentation of the commands is made from the manifest. */
const steps = {clean, declarations, bundle, manifest, docs}

const wanted = process.argv.slice(2)
for (const [name, step] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const startedAt = performance.now()
  await step()
  console.log(`${name} ${Math.round(performance.now() - startedAt)} ms`)
}

function clean() {
  rmSync(join(root, 'dist'), {recursive: true, force: true})
}

function declarations() {
  runPackage('typescript', 'bin/tsc', ['--project', 'tsconfig.build.json'])
}

async function bundle() {
  const commands = commandFiles()
  const late = new Set()
  // Shared by all that is built, so that there is one of it in a process.
  const oclif = await bundleTo({
    stdin: {contents: oclifFront, resolveDir: root},
    outfile: 'dist/oclif.js',
    plugins: [lazyOclif, lazyNode],
  })
  // A file each: one file starts faster than the twenty chunks that they would share.
  const short = await bundleTo({
    entryPoints: ['src/cli/main.ts', 'src/cli/front.ts', 'src/cli/program-help.ts', ...commands.filter(isAsking)],
    outdir: 'dist',
    outbase: '.',
    plugins: [oneOclif, lazyNode, apartIn(late)],
  })
  const others = await bundleTo({
    entryPoints: ['src/index.ts', ...workerEntries, ...late, ...commands.filter(path => !isAsking(path))],
    outdir: 'dist',
    outbase: '.',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    plugins: [withoutReactDevtools, oneOclif],
  })
  writeFileSync(join(root, 'dist/third-party-licenses.txt'), licensesOf([...oclif, ...short, ...others]))
}

/** Returns the files that went in. */
async function bundleTo(options) {
  const {metafile} = await build({
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    sourcemap: 'linked',
    metafile: true,
    external,
    // bin/run.js has seen to the version of Node; oclif would load semver for it.
    define: {'process.env.NODE_ENV': '"production"', 'process.env.OCLIF_DISABLE_ENGINE_WARNING': '"1"'},
    banner: {js: commonJsNames},
    logLevel: 'warning',
    ...options,
  })
  return Object.keys(metafile.inputs)
}

/** What a short command imports late, such as a screen, stays out of its file; it is added to `sources`, to be built. */
function apartIn(sources) {
  return {
    name: 'late-apart',
    setup({onResolve}) {
      onResolve({filter: /^\.\.?\//}, ({path, kind, resolveDir}) => {
        if (kind !== 'dynamic-import') return undefined
        const stem = relative(root, join(resolveDir, path)).replace(/\.js$/, '')
        sources.add(existsSync(join(root, `${stem}.tsx`)) ? `${stem}.tsx` : `${stem}.ts`)
        return {path: `#dist/${stem}.js`, external: true}
      })
    },
  }
}

/** Commands that ask a running server and then end. */
function isAsking(path) {
  return /\bextends AdminCommand\b/.test(readFileSync(join(root, path), 'utf8'))
}

/** oclif lists commands in whatever order they came; sorted, a rebuild gives no diff. Arguments mean their order. */
function manifest() {
  runPackage('oclif', 'bin/run.js', ['manifest'])
  const path = join(root, 'oclif.manifest.json')
  writeFileSync(path, `${JSON.stringify(withSortedKeys(JSON.parse(readFileSync(path, 'utf8'))), null, 2)}\n`)
}

function docs() {
  runScript(join(root, 'scripts/generate-docs.mjs'), [])
}

function commandFiles() {
  if (!existsSync(join(root, 'commands'))) return []
  return readdirSync(join(root, 'commands'), {recursive: true})
    .filter(path => path.endsWith('.ts'))
    .sort()
    .map(path => `commands/${path}`)
}

/** Runs a package's program under this Node; its errors are on the terminal already, so the build just ends. */
function runPackage(name, program, args) {
  runScript(join(root, 'node_modules', name, program), args)
}

function runScript(path, args) {
  const {status} = spawnSync(process.execPath, [path, ...args], {cwd: root, stdio: ['ignore', 'ignore', 'inherit']})
  if (status !== 0) process.exit(status ?? 1)
}

function withSortedKeys(value) {
  if (Array.isArray(value)) return value.map(withSortedKeys)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, key === 'args' ? inner : withSortedKeys(inner)]))
}

/** Bundled packages ask that their licence goes along with every copy. */
function licensesOf(inputs) {
  const packages = new Set(inputs.flatMap(input => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []))
  return [...packages]
    .sort()
    .map(folder => {
      const {name, version, license} = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      const file = readdirSync(join(root, folder)).find(entry => /^licen[cs]e/i.test(entry))
      const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : `Licence: ${license}`
      return `${name} ${version}\n\n${text}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}
