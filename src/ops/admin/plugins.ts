import {isAbsolute, resolve} from 'node:path'

import type {AdminClient} from '../../client/admin/admin-client.js'
import type {PluginStatus} from '../../contract/plugins.js'

/** A plugin's setup has 10 s, and its end 4.5 s; the answer comes after it. */
const ENABLE_MS = 15_000
const DISABLE_MS = 10_000

export function listPlugins(client: AdminClient): Promise<PluginStatus[]> {
  return client.request<PluginStatus[]>({method: 'GET', path: '/v1/plugins'})
}

/** Enables a plugin by name, package, or path; a path is relative to `cwd`, not to where the server was started. */
export function enablePlugin(client: AdminClient, entry: string, cwd: string): Promise<PluginStatus> {
  const isPath = /^\.\.?[/\\]/.test(entry) || isAbsolute(entry)
  const plugin = isPath ? resolve(cwd, entry) : entry
  return client.request<PluginStatus>({
    method: 'POST',
    path: '/v1/plugins/enable',
    body: {plugin},
    timeoutMs: ENABLE_MS,
  })
}

/** `isConfirmed` is asked for where disabling opens a door. */
export function disablePlugin(client: AdminClient, name: string, isConfirmed: boolean): Promise<PluginStatus> {
  const path = `/v1/plugins/${encodeURIComponent(name)}/disable`
  return client.request<PluginStatus>({method: 'POST', path, body: {confirm: isConfirmed}, timeoutMs: DISABLE_MS})
}

/** Reaches a route that a plugin registered; with a body it is a POST. */
export function callPlugin(client: AdminClient, name: string, path: string, body: unknown): Promise<unknown> {
  const tail = path.startsWith('/') ? path : `/${path}`
  const target = `/v1/${encodeURIComponent(name)}${escapePath(tail)}`
  return client.request<unknown>(
    body === undefined ? {method: 'GET', path: target} : {method: 'POST', path: target, body},
  )
}

/** Escapes what no request line can carry; what is escaped already stays so. */
function escapePath(path: string): string {
  return encodeURI(path.toWellFormed())
    .replaceAll(/%25(?=[0-9a-f]{2})/gi, '%')
    .replaceAll('#', '%23')
}
