import {readFileSync} from 'node:fs'

/** What a load must leave of the descriptors for the server's own use; `gs` takes 80 % of them for connections. */
const SHARE = 0.75

/** Connections that one process may hold here, and the limit on open files which says so. */
export function connectionLimit(): {connections: number; openFiles: number} {
  const line = /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
  const openFiles = Number(line?.[1] ?? Number.POSITIVE_INFINITY)
  return {connections: Math.floor(openFiles * SHARE), openFiles}
}
