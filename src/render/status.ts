import type {InstanceStatus} from '../contract/admin.js'
import {formatSize} from '../units.js'
import {hostPort} from '../util/host-port.js'
import type {Terminal} from '../util/terminal.js'
import {renderDetails} from './details.js'
import {inSeconds} from './listing.js'
import {countOf} from './numbers.js'
import {renderPlugins} from './plugin-table.js'
import {renderTable} from './table.js'

const COLUMNS = [
  {title: 'NAME'},
  {title: 'STATE'},
  {title: 'ADDRESS'},
  {title: 'PID', align: 'right'},
  {title: 'UP'},
  {title: 'USERS', align: 'right'},
  {title: 'ROOMS', align: 'right'},
  {title: 'MEMORY', align: 'right'},
] as const

/** One instance in full, several as a table. */
export function renderStatuses(
  statuses: readonly InstanceStatus[],
  {terminal, nowMs}: {terminal: Terminal; nowMs: number},
): string {
  const [only, ...others] = statuses
  if (only !== undefined && others.length === 0) return renderStatus(only, {terminal, nowMs})
  const rows = statuses.map(status => [
    status.name,
    describeState(status),
    describeAddress(status),
    String(status.pid),
    inSeconds(status.uptimeMs),
    String(status.users),
    String(status.rooms),
    describeMemory(status),
  ])
  return renderTable(COLUMNS, rows, terminal)
}

function renderStatus(status: InstanceStatus, {terminal, nowMs}: {terminal: Terminal; nowMs: number}): string {
  const {name, version, pid, uptimeMs, socket, connections, users, rooms, unsentBytes, plugins, store} = status
  const fields = renderDetails(
    {
      name,
      state: describeState(status),
      version,
      pid,
      uptimeMs,
      address: describeAddress(status),
      socket,
      connections,
      users,
      rooms,
      memory: describeMemory(status),
      unsentBytes,
      store: describeStore(store),
    },
    nowMs,
  )
  return plugins.length === 0 ? `${fields}\nplugins      none` : `${fields}\n\n${renderPlugins(plugins, terminal)}`
}

function describeState({state, overload}: InstanceStatus): string {
  return overload === null ? state : `${state}, overloaded (${overload === 'memory' ? 'memory' : 'event loop'})`
}

function describeAddress(status: InstanceStatus): string {
  return `gs://${hostPort(status)}`
}

function describeStore(store: InstanceStatus['store']): string {
  if (store === null) return 'not in use'
  const {file, state, problem, sizeBytes, droppedRows, salvage} = store
  const parts = [file === null ? 'in memory' : `${file}, ${formatSize(sizeBytes)}`]
  if (state !== 'ok') parts.push(`${state.replace('_', ' ')}: ${problem}`)
  if (droppedRows > 0) parts.push(`${countOf(droppedRows, 'row')} dropped`)
  if (salvage !== null) parts.push(`salvaged ${countOf(salvage.rows, 'row')}; the broken file is ${salvage.file}`)
  return parts.join('; ')
}

function describeMemory({memoryUsageMb}: InstanceStatus): string {
  return `${memoryUsageMb.toFixed(1)} MB`
}
