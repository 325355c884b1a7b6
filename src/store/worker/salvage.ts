import {existsSync, renameSync} from 'node:fs'
import {dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import type {Salvage} from '../messages.js'
import {copyTable, type SchemaEntry} from './copy-table.js'
import {fillNewFile, removeFile, syncPath} from './store-files.js'

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
  let rows = 0
  const lostTables: string[] = []
  let source: DatabaseSync
  let schema: SchemaEntry[]
  try {
    source = new DatabaseSync(file, {readOnly: true})
    schema = readSchema(source)
  } catch {
    // Without its first page nobody knows what the rest of the file is.
    return {rows, lostTables: ['*']}
  }
  target.exec('BEGIN')
  for (const entry of schema.filter(({type}) => type === 'table')) {
    const copied = copyTable(source, target, entry)
    rows += copied.rows
    if (!copied.isWhole) lostTables.push(entry.name)
  }
  // After the rows, so that triggers do not fire.
  for (const {type, sql, name} of schema) {
    if (type === 'table') continue
    try {
      target.exec(sql)
    } catch {
      lostTables.push(name)
    }
  }
  target.exec('COMMIT')
  source.close()
  return {rows, lostTables}
}

function readSchema(source: DatabaseSync): SchemaEntry[] {
  const sql = `SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`
  return source.prepare(sql).all() as unknown as SchemaEntry[]
}

function countRows(file: string): number {
  using database = new DatabaseSync(file, {readOnly: true})
  let rows = 0
  for (const {name, type} of readSchema(database)) {
    if (type !== 'table') continue
    rows += Number(database.prepare(`SELECT count(*) AS rows FROM "${name.replaceAll('"', '""')}"`).get()?.rows)
  }
  return rows
}
