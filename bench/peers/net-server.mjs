// Rooms on plain node:net, as one writes them on a first afternoon: lines of JSON, one write for each member and message,
// no limits, no checks. It speaks as much of the protocol of gs as the load needs.
import {createServer} from 'node:net'
import process from 'node:process'

const rooms = new Map()

createServer({noDelay: true}, socket => {
  let userId
  let rest = ''
  const joined = new Set()
  socket.setEncoding('utf8')
  socket.on('data', text => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    for (const line of lines) {
      const message = JSON.parse(line)
      if (message.type === 'hello') userId = message.userId
      else if (message.type === 'join_room') {
        const {roomId} = message
        const members = rooms.get(roomId) ?? new Set()
        rooms.set(roomId, members.add(socket))
        joined.add(members)
        socket.write(`${JSON.stringify({type: 'room_joined', roomId, userCount: members.size})}\n`)
      } else if (message.type === 'chat') {
        const frame = `${JSON.stringify({...message, userId, timestamp: Date.now()})}\n`
        for (const member of rooms.get(message.roomId) ?? []) member.write(frame)
      }
    }
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    for (const members of joined) members.delete(socket)
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
