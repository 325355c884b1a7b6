// Rooms on the package ws: one frame for each member and message. It runs where that package was installed.
import process from 'node:process'
import {WebSocketServer} from 'ws'

const rooms = new Map()
let lastUserId = 0

const server = new WebSocketServer({port: Number(process.argv[2]), host: '127.0.0.1', perMessageDeflate: false})
server.on('connection', socket => {
  lastUserId += 1
  const userId = lastUserId
  const joined = new Set()
  socket.on('message', data => {
    const message = JSON.parse(data)
    const {type, roomId} = message
    if (type === 'join_room') {
      const members = rooms.get(roomId) ?? new Set()
      rooms.set(roomId, members.add(socket))
      joined.add(members)
      socket.send(JSON.stringify({type: 'room_joined', roomId, userCount: members.size}))
    } else if (type === 'chat') {
      const frame = JSON.stringify({...message, userId, timestamp: Date.now()})
      for (const member of rooms.get(roomId) ?? []) member.send(frame)
    }
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    for (const members of joined) members.delete(socket)
  })
})
