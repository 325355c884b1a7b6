import {execFileSync} from 'node:child_process'
import {mkdirSync, readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'

/** A package of npm in a folder of its own: the project's lock file knows nothing of it. */
export interface Installed {
  readonly version: string
  // biome-ignore lint/suspicious/noExplicitAny: its types are not installed here
  readonly exports: any
}

/** Installs a package, and loads what it exports; `paths` are entries of it beside the main one. */
export async function install(name: string, folder: string, paths: readonly string[] = []): Promise<Installed> {
  const home = join(folder, name)
  mkdirSync(home)
  execFileSync('npm', ['install', '--prefix', home, '--no-audit', '--no-fund', name], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const {version} = JSON.parse(readFileSync(join(home, 'node_modules', name, 'package.json'), 'utf8'))
  const require = createRequire(join(home, 'package.json'))
  const modules = [name, ...paths.map(path => `${name}/${path}`)].map(entry => {
    return import(pathToFileURL(require.resolve(entry)).href)
  })
  return {version, exports: Object.assign({}, ...(await Promise.all(modules)))}
}
