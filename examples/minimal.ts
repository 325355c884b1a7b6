import {createServer, defineGame, definePlugin, GsError, type MessageAttempt} from '@gsrv/gs'

const outcome = (count: number) => (count < 3 ? undefined : {winner: null}) // The third action ends it.
const count = defineGame({name: 'count', minPlayers: 2, maxPlayers: 8, setup: () => 0, onAction: n => n + 1, outcome})
const refuseLinks = ({message}: MessageAttempt) => {
  if (message.type === 'chat' && message.message.includes('://')) throw new GsError('content_rejected', 'no links')
}
const noLinks = definePlugin({name: 'no-links', setup: host => host.hook('beforeMessage', refuseLinks)})
const port = Number(process.env.PORT ?? 7000)
export const server = await createServer({server: {port}, games: [count], plugins: [noLinks]})
console.log('listening on', server.address)
