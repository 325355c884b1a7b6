import {createServer} from '@gsrv/gs'
import {chess} from './chess-game.ts'

/** A room server with chess; `port` 0 takes any free one. Ends with `close()` of what it returns. */
export function start(port = 7000) {
  return createServer({server: {port}, games: [chess]})
}

if (import.meta.main) {
  const server = await start()
  console.log('chess is served on', server.address)
}
