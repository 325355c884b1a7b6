import type {AdminBackend, ClosedRow, RoomRow, UserRow} from '../admin/backend.js'
import type {InstanceStatus, RoomDetails, Usage, UserDetails} from '../contract/admin.js'
import type {Logger} from '../contract/logger.js'
import type {ClosedConnection, RoomOverview, RoomView, UserView} from '../contract/views.js'
import {MAX_LISTED_MEMBERS} from '../protocol/limits.js'
import type {GameServer} from '../server/game-server.js'
import {isoTime} from '../util/iso-time.js'
import {openBlockDesk} from './open-block-desk.js'

const BYTES_PER_MB = 1e6
const US_PER_MS = 1000

/** What of the backend is about the process around the server rather than the server itself. */
export type ProcessPart = Pick<AdminBackend, 'stop' | 'drain' | 'reload' | 'logs' | 'enablePlugin' | 'disablePlugin'>

/** The admin channel's view of a running server. */
export function createAdminBackend(
  server: GameServer,
  {socketPath, startedAtMs, nowMs, log}: {socketPath: string; startedAtMs: number; nowMs: () => number; log: Logger},
  processPart: ProcessPart,
): AdminBackend {
  return {
    instanceName: server.name,
    isReady: () => server.state === 'running' && server.overload === null,
    status: (): InstanceStatus => ({
      name: server.name,
      version: server.version,
      pid: process.pid,
      startedAt: isoTime(startedAtMs),
      uptimeMs: nowMs() - startedAtMs,
      ...server.address,
      socket: socketPath,
      state: server.state,
      overload: server.overload,
      connections: server.connectionCount,
      users: server.users.count,
      rooms: server.rooms.count,
      memoryUsageMb: process.memoryUsage.rss() / BYTES_PER_MB,
      unsentBytes: server.unsentBytes,
      plugins: server.plugins,
      store: server.storeStatus,
    }),
    usage: () => describeUsage(server, nowMs() - startedAtMs),
    rooms: () => server.rooms.overview(Number.POSITIVE_INFINITY).map(toRoomRow),
    room: roomId => describe(server.rooms.get(roomId), detailRoom),
    closeRoom(roomId, message) {
      const room = server.rooms.get(roomId)
      return room !== undefined && server.rooms.close(roomId, message) ? room.userCount : undefined
    },
    users: () => server.users.list(Number.POSITIVE_INFINITY).map(toUserRow),
    user: userId => describe(server.users.get(userId), detailUser),
    kickUser: (userId, message) => server.users.kick(userId, message),
    notice(message, roomId) {
      if (roomId === undefined) return server.notice(message)
      return server.rooms.get(roomId) === undefined ? undefined : server.notice(message, {roomId})
    },
    closed: () => server.closedConnections(Number.POSITIVE_INFINITY).map(toClosedRow),
    trace: options => server.trace(options),
    pluginApi: name => server.pluginApi(name),
    blockDesk: () => openBlockDesk(server, log),
    backup: file => server.store.backup(file),
    plugins: () => server.plugins,
    pluginRoutes: () =>
      server.pluginRoutes.map(({plugin, method, path, summary}) => ({
        method,
        path: `/v1/${plugin}/${path}`,
        summary,
        isStream: false,
        isAction: method === 'POST',
      })),
    callPlugin: call => server.callPlugin(call),
    ...processPart,
  }
}

function describeUsage({counters, eventLoopDelayP99Ms}: GameServer, uptimeMs: number): Usage {
  const {user, system} = process.cpuUsage()
  return {
    uptimeMs,
    cpuMs: (user + system) / US_PER_MS,
    eventLoopActiveMs: performance.eventLoopUtilization().active,
    eventLoopDelayP99Ms,
    messages: sumOf(counters.messages),
    errors: sumOf(counters.errors),
    deliveries: counters.deliveries,
    bytesIn: counters.bytesIn,
    bytesOut: counters.bytesOut,
  }
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function toRoomRow({roomId, userCount, game, createdAtMs, lastActivityMs}: RoomOverview): RoomRow {
  return {
    roomId,
    userCount,
    game: game?.name ?? null,
    gameState: game?.phase ?? null,
    createdAt: createdAtMs,
    lastActivity: lastActivityMs,
  }
}

function detailRoom(room: RoomView): RoomDetails {
  const {createdAt, lastActivity, ...row} = toRoomRow(room)
  const members = room.members.slice(0, MAX_LISTED_MEMBERS)
  return {
    ...row,
    createdAt: isoTime(createdAt),
    lastActivity: isoTime(lastActivity),
    players: room.game?.players ?? null,
    gameStartedAt: room.game === null ? null : isoTime(room.game.startedAtMs),
    members: members.map(({joinedAtMs, ...member}) => ({...member, joinedAt: isoTime(joinedAtMs)})),
  }
}

function toUserRow({userId, nickname, address, connectedAtMs, roomIds, traffic}: UserView): UserRow {
  return {
    userId,
    nickname: nickname ?? null,
    address,
    connectedAt: connectedAtMs,
    rooms: roomIds.length,
    messages: traffic.messageCount,
    unsentBytes: traffic.unsentBytes,
  }
}

function detailUser(user: UserView): UserDetails {
  const {connectedAt, ...row} = toUserRow(user)
  const {isGuest, sessionId, roomIds, traffic} = user
  const {bytesIn, bytesOut, lastReadAtMs} = traffic
  const times = {connectedAt: isoTime(connectedAt), lastMessageAt: isoTime(lastReadAtMs)}
  return {...row, ...times, isGuest, sessionId, roomIds, bytesIn, bytesOut}
}

function toClosedRow({openedAtMs, closedAtMs, sessionId: _, ...entry}: ClosedConnection): ClosedRow {
  return {...entry, closedAt: closedAtMs, durationMs: Math.max(0, closedAtMs - openedAtMs)}
}

function describe<View, Description>(
  view: View | undefined,
  how: (view: View) => Description,
): Description | undefined {
  return view === undefined ? undefined : how(view)
}
