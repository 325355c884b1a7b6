import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'

/** A disk of its own, in memory. */
export interface TinyDisk {
  readonly folder: string
  /** Other options of mount, such as `ro`. False: it did not go. */
  remount(options: string): boolean
}

/** Mounts a disk of this size, as in `1m`, gone when the test is. Null: that is not allowed here. */
export function tinyDisk(size: string): TinyDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'gs-disk-'))
  const mount = (options: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]).status === 0
  const isMounted = mount(`size=${size}`)
  onTestFinished(() => {
    if (isMounted) spawnSync('umount', ['--lazy', folder])
    rmSync(folder, {recursive: true, force: true})
  })
  return isMounted ? {folder, remount: options => mount(`remount,${options}`)} : null
}
