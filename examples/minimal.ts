import {createServer, defineGame, definePlugin, GsError, refuse} from '@gsrv/gs'

const countdown = defineGame({
  name: 'countdown', // From ten down to zero, never twice in a row; who says zero wins.
  minPlayers: 2,
  maxPlayers: 4,
  setup: () => ({left: 10, last: null as number | null}),
  onAction: ({left, last}, {userId}) => {
    if (userId === last) throw refuse('let somebody else go first')
    return {left: left - 1, last: userId}
  },
  outcome: ({left, last}) => (left === 0 ? {winner: last} : undefined),
})

const indoorVoices = definePlugin({
  name: 'indoor-voices',
  setup(host) {
    host.hook('beforeMessage', ({message}) => {
      const isShouted = message.type === 'chat' && /\p{Lu}{4}/u.test(message.message)
      if (isShouted) throw new GsError('content_rejected', 'please do not shout', {rule: 'shouting'})
    })
  },
})

const port = Number(process.env.PORT ?? 7000)
export const server = await createServer({server: {port}, games: [countdown], plugins: [indoorVoices]})
console.log('listening on', server.address)
