import {execFileSync, spawnSync} from 'node:child_process'

/**
 * Sees to it that a package of Debian is there; returns its version.
 *
 * @throws {Error} when it is missing, and cannot or must not be installed.
 */
export function installDebianPackage(name: string, mayInstall: boolean): string {
  if (!isInstalled(name)) {
    if (!mayInstall) throw new Error(`there is no ${name}, and nothing is to be installed`)
    // RUNLEVEL: the package must not start a server of its own.
    const env = {...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1'}
    const options = {env, stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe']}
    execFileSync('apt-get', ['update', '-qq'], options)
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options)
  }
  return spawnSync('dpkg-query', ['-W', '-f', `\${Version}`, name], {encoding: 'utf8'}).stdout
}

function isInstalled(name: string): boolean {
  const {status, stdout} = spawnSync('dpkg-query', ['-W', '-f', `\${Status}`, name], {encoding: 'utf8'})
  return status === 0 && stdout.includes('ok installed')
}
