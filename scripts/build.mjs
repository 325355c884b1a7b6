// Builds dist/, oclif.manifest.json and what is generated from the code for docs/. Arguments name the steps to run; without any, all run.
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import process from 'node:process'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Files started by their own path, such as those of worker threads. */
const workerEntries = ['src/client/bench/load-worker.ts', 'src/store/worker/store-worker.ts']

/** Loaded only by what needs them, and big or fond of reading their own files: they stay packages. */
const external = ['cosmiconfig', 'fastify', 'jose', 'pino', 'zod']

/** Bundled CommonJS packages expect these names, which ES modules lack. */
const commonJsNames = [
  "import {createRequire as gsCreateRequire} from 'node:module'",
  "import {fileURLToPath as gsFileURLToPath} from 'node:url'",
  'const require = gsCreateRequire(import.meta.url)',
  'const __filename = gsFileURLToPath(import.meta.url)',
  "const __dirname = gsFileURLToPath(new URL('.', import.meta.url))",
].join('\n')

/** ink imports it for debugging only; left external it would be a static import that fails. */
const withoutReactDevtools = {
  name: 'without-react-devtools',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^react-devtools-core$/}, () => ({path: 'react-devtools-core', namespace: 'empty'}))
    onLoad({filter: /.*/, namespace: 'empty'}, () => ({contents: 'export default undefined'}))
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
  const {metafile} = await build({
    absWorkingDir: root,
    entryPoints: ['src/index.ts', 'src/cli/main.ts', ...commandFiles(), ...workerEntries],
    outdir: 'dist',
    outbase: '.',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    sourcemap: 'linked',
    metafile: true,
    external,
    define: {'process.env.NODE_ENV': '"production"'},
    plugins: [withoutReactDevtools],
    banner: {js: commonJsNames},
    logLevel: 'warning',
  })
  writeFileSync(join(root, 'dist/third-party-licenses.txt'), licensesOf(Object.keys(metafile.inputs)))
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
