import {once} from 'node:events'
import {connect, createServer, type Socket} from 'node:net'
import {expect, onTestFinished, test} from 'vitest'
import {Flusher} from '../../../src/server/delivery/flusher.js'
import {Outbox, type Outlet} from '../../../src/server/delivery/outbox.js'
import {createCounters} from '../../../src/telemetry/counters.js'
import {ManualClock} from '../../helpers/manual-clock.js'

const LARGE = `${'x'.repeat(1_000_000)}\n`

/** Both ends of a connection, and an outbox that writes to one of them. */
async function connected(toOutlet: (socket: Socket) => Outlet = socket => socket) {
  const server = createServer({allowHalfOpen: true}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as {port: number}
  const reader = connect(port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket]
  const errors: Error[] = []
  socket.on('error', error => errors.push(error))
  reader.on('error', () => {})
  const flusher = new Flusher({tickMs: 0, clock: new ManualClock(), counters: createCounters(), afterFlush() {}})
  const unsent: number[] = []
  const outbox = new Outbox(toOutlet(socket), {onUnsent: sizeBytes => void unsent.push(sizeBytes)}, flusher)
  onTestFinished(() => {
    reader.destroy()
    socket.destroy()
    server.close()
  })
  const say = async (text: string) => {
    outbox.add(text)
    await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
  }
  return {socket, reader, outbox, unsent, errors, say}
}

/** Such as a later Node might have: there is nothing to see of its handle. */
const streamOnly = (socket: Socket): Outlet => ({
  get writable() {
    return socket.writable
  },
  get writableLength() {
    return socket.writableLength
  },
  write: (bytes: string | Uint8Array) => socket.write(bytes),
  destroy: error => socket.destroy(error),
})

test.each([
  ['past the stream', undefined],
  ['as to a stream', streamOnly],
])('a reader gets all in order, also what the kernel could not take at once: %s', async (_name, toOutlet) => {
  const {socket, reader, outbox, unsent, say} = await connected(toOutlet)
  const chunks: Buffer[] = []
  await say('first\n')
  expect([outbox.unsentBytes, unsent]).toEqual([0, []])
  for (let count = 0; count < 10; count += 1) await say(LARGE)
  expect(outbox.unsentBytes).toBeGreaterThan(0)
  expect(unsent.length).toBeGreaterThan(0)
  await say('last\n')
  outbox.end()
  await say('nothing more\n')
  socket.end()
  reader.on('data', chunk => chunks.push(chunk as Buffer))
  await once(reader, 'end')
  expect(Buffer.concat(chunks).toString()).toBe(`first\n${LARGE.repeat(10)}last\n`)
  expect(outbox.unsentBytes).toBe(0)
})

test('the stream knows nothing of what is written past it, so this test tests that', async () => {
  const {socket, outbox, say} = await connected()
  for (let count = 0; count < 10; count += 1) await say(LARGE)
  expect(outbox.unsentBytes).toBeGreaterThan(0)
  expect(socket.writableLength).toBe(0)
})

test('a reader that is gone ends the socket with the error of a write', async () => {
  const {socket, reader, outbox, errors, say} = await connected()
  reader.resetAndDestroy()
  await once(reader, 'close')
  socket.pause()
  while (!socket.destroyed) await say(LARGE)
  if (!socket.closed) await once(socket, 'close')
  expect(errors).toMatchObject([{code: expect.stringMatching(/EPIPE|ECONNRESET/)}])
  await say('into the void\n')
  expect(outbox.unsentBytes).toBe(0)
})

test('a socket that is destroyed lets go of what waits', async () => {
  const {socket, outbox, errors, say} = await connected()
  for (let count = 0; count < 10; count += 1) await say(LARGE)
  socket.destroy()
  await once(socket, 'close')
  expect([outbox.unsentBytes, errors]).toEqual([0, []])
})
