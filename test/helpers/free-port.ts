import {randomInt} from 'node:crypto'
import {once} from 'node:events'
import {createServer} from 'node:net'

/**
 * A port that stays free while nobody listens there: below those that the kernel hands to clients, one of which could
 * otherwise be given it, and even connect to itself.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    const server = createServer().listen(port, '127.0.0.1')
    // The port may be another program's: then the next one.
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
