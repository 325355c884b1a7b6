import {mkdirSync, rmSync} from 'node:fs'
import {basename} from 'node:path'
import process from 'node:process'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {build} from 'esbuild'

/** Makes one module, gone with this process, of a TypeScript file of the tests; returns its URL. */
export async function bundleEngine(entryPoint) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const folder = `${root}node_modules/.cache/gs`
  mkdirSync(folder, {recursive: true})
  const outfile = `${folder}/${basename(entryPoint, '.ts')}-${process.pid}.mjs`
  await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    sourcemap: 'inline',
  })
  process.once('exit', () => rmSync(outfile, {force: true}))
  return pathToFileURL(outfile).href
}
