// Rooms on Socket.IO, over WebSocket only, as its documentation shows them. It runs where that package was installed.
import {createServer} from 'node:http'
import process from 'node:process'
import {Server} from 'socket.io'

const httpServer = createServer()
const io = new Server(httpServer, {transports: ['websocket'], perMessageDeflate: false})
io.on('connection', socket => {
  socket.on('join_room', roomId => {
    socket.join(`room:${roomId}`)
    socket.emit('room_joined', {roomId})
  })
  socket.on('chat', message => {
    io.to(`room:${message.roomId}`).emit('chat', {...message, userId: socket.id, timestamp: Date.now()})
  })
})
httpServer.listen(Number(process.argv[2]), '127.0.0.1')
