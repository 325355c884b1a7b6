import {definePlugin} from '@gsrv/gs'

/** Counts the chat messages of each room, and tells operators on the admin route `rooms`. */
export const plugin = definePlugin({
  name: 'chat-count',

  setup(host) {
    // By room; bounded by the rooms there are, as a closed one is forgotten.
    const counts = new Map()

    host.hook('afterMessage', ({message, error}) => {
      if (error === null && message?.type === 'chat') counts.set(message.roomId, (counts.get(message.roomId) ?? 0) + 1)
    })
    host.on('roomClosed', ({roomId}) => void counts.delete(roomId))

    host.admin.route({
      method: 'GET',
      path: 'rooms',
      summary: 'Chat messages by room, most first.',
      handler: () =>
        [...counts].map(([roomId, chats]) => ({roomId, chats})).sort((one, other) => other.chats - one.chats),
    })
  },
})
