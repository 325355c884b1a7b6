import {textColumns} from '../../util/text-columns.js'
import {type Conversation, currentRoom} from './conversation.js'
import type {SessionSnapshot} from './room-session.js'

interface Part {
  readonly text: string
  /** The lowest goes first when there is no room. */
  readonly weight: number
}

/** What the status line says, as much of it as fits in `columns`; `separator` stands between the parts. */
export function statusText(
  snapshot: SessionSnapshot,
  {columns, separator}: {columns: number; separator: string},
): string {
  let parts = statusParts(snapshot)
  const join = () => parts.map(({text}) => text).join(separator)
  while (parts.length > 1 && textColumns(join()) > columns) {
    const lightest = Math.min(...parts.map(({weight}) => weight))
    parts = parts.filter(({weight}) => weight !== lightest)
  }
  return join()
}

function statusParts({conversation, link, latencyMs}: SessionSnapshot): Part[] {
  const room = currentRoom(conversation)
  const parts: Part[] = []
  if (link.state === 'reconnecting') parts.push({text: `reconnecting, attempt ${link.attempt}`, weight: 10})
  if (link.state === 'closed') parts.push({text: 'closed', weight: 10})
  parts.push({text: selfWords(conversation), weight: 4})
  parts.push({text: room ? `room ${room.roomId}` : 'no room', weight: 9})
  if (room) parts.push({text: `${room.userCount} online`, weight: 8})
  if (latencyMs !== undefined) parts.push({text: latencyWords(latencyMs), weight: 6})
  if (link.state === 'connected') parts.push({text: 'connected', weight: 2})
  return parts
}

function selfWords({selfId, names}: Conversation): string {
  const name = names.get(selfId)
  return name === undefined ? `user ${selfId}` : `${name} (user ${selfId})`
}

function latencyWords(latencyMs: number): string {
  return latencyMs < 1 ? '<1 ms' : `${Math.round(latencyMs)} ms`
}
