import {execFileSync} from 'node:child_process'
import {closeSync, constants, openSync, readSync} from 'node:fs'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {tempFolder} from './temp-folder.js'

export interface NamedPipe {
  readonly path: string
  /** Does not block. */
  readonly writeFd: number
  /** All that is in the pipe now, at most 1 MiB. */
  read(): string
  closeReader(): void
}

/** A real pipe that is read only when the test says so: until then it stalls once 64 KiB are in it. */
export function namedPipe(): NamedPipe {
  const path = join(tempFolder(), 'pipe')
  execFileSync('mkfifo', [path])
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writeFd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  let isOpen = true
  const closeReader = () => {
    if (isOpen) closeSync(readFd)
    isOpen = false
  }
  onTestFinished(closeReader)
  return {path, writeFd, closeReader, read: () => readNow(readFd)}
}

function readNow(fd: number): string {
  const buffer = Buffer.alloc(1_048_576)
  try {
    return buffer.toString('utf8', 0, readSync(fd, buffer))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return ''
    throw error
  }
}
