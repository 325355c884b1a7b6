import {createServer, defineGame, definePlugin, GsError} from '@gsrv/gs'

const dash = defineGame({
  name: 'dash', // Whoever acts first wins.
  minPlayers: 2,
  maxPlayers: 8,
  setup: () => ({winner: null as number | null}),
  onAction: (_state, {userId}) => ({winner: userId}),
  outcome: ({winner}) => (winner === null ? undefined : {winner}),
})
const noLinks = definePlugin({
  name: 'no-links',
  setup: host =>
    host.hook('beforeMessage', ({message}) => {
      if (message.type === 'chat' && message.message.includes('://')) throw new GsError('content_rejected', 'no links')
    }),
})
const port = Number(process.env.PORT ?? 7000)
export const server = await createServer({server: {port}, games: [dash], plugins: [noLinks]})
console.log('listening on', server.address)
