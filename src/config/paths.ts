import {resolve} from 'node:path'

const PATH_KEYS: ReadonlySet<string> = new Set([
  'dataDir',
  'auth.secretFile',
  'log.file',
  'admin.socket',
  'admin.readOnlySocket',
])
const MODULE_KEYS: ReadonlySet<string> = new Set(['plugins', 'games'])

/** Makes the paths in a key's value absolute, as seen from `folder`. Names of plugins and games stay as they are. */
export function anchorPaths(key: string, value: unknown, folder: string): unknown {
  if (PATH_KEYS.has(key) && typeof value === 'string' && value !== '') return resolve(folder, value)
  if (MODULE_KEYS.has(key) && Array.isArray(value)) return value.map(entry => anchorModule(entry, folder))
  return value
}

function anchorModule(entry: unknown, folder: string): unknown {
  return typeof entry === 'string' && /^\.\.?[/\\]/.test(entry) ? resolve(folder, entry) : entry
}
