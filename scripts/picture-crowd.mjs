// Players for a picture of a busy server: they talk in waves, and play in some of the rooms.
import {GsClient} from '../dist/src/index.js'

const NAMES = ['Ada', 'Bo', 'Chi', 'Dee', 'Eli', 'Fay', 'Gus', 'Hal', 'Ida', 'Jo', 'Kim', 'Lea', 'Max', 'Nia', 'Oz']
const PLAYERS_PER_ROOM = 4
/** One room in so many has a game. */
const ROOMS_PER_GAME = 3
const WAVE_MS = 70_000
const TICK_MS = 250

/** Connects them and keeps them talking. Returns what has some of them misbehave, and what ends it. */
export async function crowd({port, rooms}) {
  const players = []
  for (let index = 0; index < rooms * PLAYERS_PER_ROOM; index += 1) {
    const client = await GsClient.connect({port, userId: index + 1, nickname: NAMES[index % NAMES.length]})
    const roomId = 1 + (index % rooms)
    await client.joinRoom(roomId)
    // Some rooms are busier than others.
    players.push({client, roomId, perSecond: 3 / Math.sqrt(roomId), hasGame: roomId % ROOMS_PER_GAME === 0})
  }
  for (const {client, roomId, hasGame} of players.slice(0, rooms)) if (hasGame) await client.startGame(roomId, 'relay')
  const timer = setInterval(() => {
    const wave = 1 + 0.6 * Math.sin((2 * Math.PI * Date.now()) / WAVE_MS)
    for (const player of players) {
      if (Math.random() < player.perSecond * wave * (TICK_MS / 1000)) say(player)
    }
  }, TICK_MS)
  return {
    misbehave() {
      const [first, second] = players
      first.client.send({type: 'chat', roomId: first.roomId, message: '<script>alert(1)</script>'})
      for (const message of ["'; DROP TABLE users --", '1 UNION SELECT 2']) {
        second.client.send({type: 'chat', roomId: second.roomId, message})
      }
    },
    disperse() {
      clearInterval(timer)
      return Promise.all(players.map(({client}) => client.close()))
    },
  }
}

function say({client, roomId, hasGame}) {
  // One that was blocked is silent.
  if (client.state !== 'connected') return
  const type = hasGame && Math.random() < 0.7 ? 'game_action' : 'chat'
  client.send(type === 'chat' ? {type, roomId, message: 'hello there'} : {type, roomId, action: {step: 1}})
}
