// Writes the files that are made from the configuration schema: gs.schema.json and docs/configuration.md.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {build} from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const bundlePath = join(root, 'node_modules/.cache/gs/generated-files.mjs')

await build({
  absWorkingDir: root,
  entryPoints: ['src/config/generated-files.ts'],
  outfile: bundlePath,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
})

const {generatedFiles} = await import(`${pathToFileURL(bundlePath).href}?at=${Date.now()}`)
for (const [path, text] of generatedFiles()) {
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
