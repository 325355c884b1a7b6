import {existsSync, renameSync} from 'node:fs'
import {dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import type {Salvage} from '../messages.js'
import {copyTable} from './copy-table.js'
import {quoteName} from './find-damage.js'
import {openDamaged} from './open-damaged.js'
import {fillNewFile, removeFile, syncPath} from './store-files.js'

/** Nobody knows which tables there were. */
export const ALL_LOST: readonly string[] = ['*']

/**
 * Saves what can be read of a damaged file. The new file is made beside it; only when it is whole, the damaged one is
 * renamed, never removed, and the new one takes its place. Killed at any point, the next start goes on from there.
 */
export function salvage(file: string, nowMs: number): Salvage {
  const {unfinished, finished} = namesBeside(file)
  removeFile(unfinished)
  const saved = {rows: 0, lostTables: [] as string[]}
  fillNewFile(unfinished, target => Object.assign(saved, copyAll(file, target)))
  renameSync(unfinished, finished)
  syncPath(dirname(file))
  return {file: replace(file, nowMs), ...saved}
}

/** Puts a salvaged file into its place that a start before this one has made, and did not come further. */
export function finishSalvage(file: string, nowMs: number): Salvage | null {
  const {finished} = namesBeside(file)
  if (!existsSync(finished)) return null
  if (existsSync(file)) {
    // The damaged file is still in its place, so salvaging starts anew, and the report is complete.
    removeFile(finished)
    return null
  }
  return {file: replace(file, nowMs), rows: countRows(file), lostTables: []}
}

/** Renames the file and its log, and returns its new name. */
export function setAside(file: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-')
  let aside = `${file}.corrupt-${stamp}`
  for (let copy = 2; existsSync(aside) || existsSync(`${aside}-wal`); copy += 1)
    aside = `${file}.corrupt-${stamp}-${copy}`
  for (const suffix of ['', '-wal']) {
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${aside}${suffix}`)
  }
  removeFile(file)
  syncPath(dirname(file))
  return aside
}

function namesBeside(file: string) {
  return {unfinished: `${file}.salvaging`, finished: `${file}.salvaged`}
}

function replace(file: string, nowMs: number): string {
  const aside = setAside(file, nowMs)
  renameSync(namesBeside(file).finished, file)
  syncPath(dirname(file))
  return aside
}

function copyAll(file: string, target: DatabaseSync): {rows: number; lostTables: string[]} {
  const damaged = openDamaged(file)
  if (damaged === null) return {rows: 0, lostTables: [...ALL_LOST]}
  const {database, schema} = damaged
  let rows = 0
  const lostTables: string[] = []
  target.exec('BEGIN')
  for (const entry of schema) {
    if (entry.type !== 'table') continue
    const copied = copyTable(database, target, entry)
    rows += copied.rows
    if (!copied.isWhole) lostTables.push(entry.name)
  }
  // After the rows, so that triggers do not fire.
  for (const {type, sql, name} of schema) {
    if (type !== 'table' && !canRun(target, sql)) lostTables.push(name)
  }
  target.exec('COMMIT')
  damaged.close()
  return {rows, lostTables: schema.some(({type}) => type === 'table') ? lostTables : [...ALL_LOST]}
}

function canRun(target: DatabaseSync, sql: string): boolean {
  try {
    target.exec(sql)
    return true
  } catch {
    // An index or a view that makes no sense any more. Its name is reported.
    return false
  }
}

function countRows(file: string): number {
  using database = new DatabaseSync(file, {readOnly: true})
  let rows = 0
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  for (const {name} of tables) {
    rows += Number(database.prepare(`SELECT count(*) AS rows FROM ${quoteName(String(name))}`).get()?.rows)
  }
  return rows
}
