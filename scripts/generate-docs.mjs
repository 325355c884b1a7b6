// Writes what is made from the code: gs.schema.json and docs/configuration.md from the schema of the configuration,
// docs/admin.md from the admin routes, docs/commands.md and man/gs.1 from oclif.manifest.json.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {build} from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const bundlePath = join(root, 'node_modules/.cache/gs/generate-docs.mjs')

const entry = `
export {generatedFiles as configFiles} from './src/config/generated-files.js'
export {adminReferencePage} from './src/admin/reference-page.js'
export {commandsPage} from './src/render/commands-page.js'
export {manPage} from './src/render/man-page.js'
`

await build({
  absWorkingDir: root,
  stdin: {contents: entry, resolveDir: root, loader: 'ts'},
  outfile: bundlePath,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
})

const {configFiles, adminReferencePage, commandsPage, manPage} = await import(
  `${pathToFileURL(bundlePath).href}?at=${Date.now()}`
)
const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'))
const files = [
  ...configFiles(),
  ['docs/admin.md', adminReferencePage()],
  ['docs/commands.md', commandsPage(manifest)],
  ['man/gs.1', manPage(manifest)],
]
for (const [path, text] of files) {
  const fullPath = join(root, path)
  if (readOrEmpty(fullPath) === text) continue
  mkdirSync(dirname(fullPath), {recursive: true})
  writeFileSync(fullPath, text)
  console.log(`wrote ${path}`)
}

function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Not there yet: it is written.
    return ''
  }
}
