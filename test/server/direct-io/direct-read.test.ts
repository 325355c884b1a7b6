import {once} from 'node:events'
import {connect, createServer, type Socket} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import {holdReading, resumeReading, startReading} from '../../../src/server/direct-io/direct-read.js'
import {until} from '../../helpers/until.js'

/** Such as a later Node might have: there is nothing to see of its handle. */
function withoutHandle(socket: Socket): Socket {
  return new Proxy(socket, {
    get(target, name) {
      const value = name === '_handle' ? undefined : Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** Both ends of a connection, and all that was read from one of them. */
async function connected(toRead: (socket: Socket) => Socket) {
  const server = createServer({allowHalfOpen: true}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const writer = connect((server.address() as {port: number}).port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket]
  writer.on('error', () => {})
  onTestFinished(() => {
    writer.destroy()
    socket.destroy()
    server.close()
  })
  const reading = toRead(socket)
  const events: string[] = []
  socket.on('error', (error: NodeJS.ErrnoException) => events.push(`${error.syscall} ${error.code}`))
  socket.on('end', () => events.push('end'))
  const heard = {text: '', chunks: [] as Buffer[]}
  startReading(reading, {
    onBytes(bytes) {
      heard.text += bytes.toString()
      heard.chunks.push(bytes)
    },
  })
  return {socket, reading, writer, events, heard}
}

describe.each([
  ['past the stream', (socket: Socket) => socket],
  ['as a stream', withoutHandle],
])('a socket that is read %s', (_name, toRead) => {
  test('gives its bytes in order, and then its end', async () => {
    const {socket, writer, events, heard} = await connected(toRead)
    const text = Array.from({length: 100_000}, (_, index) => `${index}\n`).join('')
    writer.write(text)
    writer.end('the end')
    await once(socket, 'end')
    expect(heard.text).toBe(`${text}the end`)
    expect(events).toEqual(['end'])
    // The other direction is still open.
    socket.end('goodbye')
    const [answer] = await once(writer, 'data')
    expect(String(answer)).toBe('goodbye')
  })

  test('waits while reading is held, however often it is told to', async () => {
    const {reading, writer, events, heard} = await connected(toRead)
    writer.write('one')
    await until(() => heard.text === 'one', 'the first word was not read')
    holdReading(reading)
    holdReading(reading)
    const more = 'x'.repeat(8_000_000)
    writer.write(more)
    writer.end()
    // What comes on another connection later is heard.
    const other = await connected(toRead)
    other.writer.write('two')
    await until(() => other.heard.text === 'two', 'the other was not read')
    expect(heard.text).toBe('one')
    resumeReading(reading)
    resumeReading(reading)
    await until(() => events.includes('end'), 'it did not end')
    expect(heard.text).toBe(`one${more}`)
  })

  test('can be held and go on between any two reads', async () => {
    const {reading, writer, events, heard} = await connected(toRead)
    const text = 'y'.repeat(3_000_000)
    writer.end(text)
    while (!events.includes('end')) {
      holdReading(reading)
      await new Promise(resolve => setImmediate(resolve))
      resumeReading(reading)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(heard.text).toBe(text)
  })

  test('fails with the error of a read when the peer breaks it off', async () => {
    const {socket, writer, events} = await connected(toRead)
    const closed = new Promise(resolve => socket.once('close', resolve))
    writer.resetAndDestroy()
    await closed
    expect(events).toEqual(['read ECONNRESET'])
  })

  test('says nothing more once it is destroyed', async () => {
    const {socket, reading, writer, heard} = await connected(toRead)
    writer.write('one')
    await until(() => heard.text === 'one', 'the first word was not read')
    writer.write('two')
    socket.destroy()
    holdReading(reading)
    resumeReading(reading)
    await once(socket, 'close')
    resumeReading(reading)
    expect(heard.text).toBe('one')
  })
})

test('sockets are read into the same memory, of which their streams know nothing', async () => {
  const [one, other] = [await connected(socket => socket), await connected(socket => socket)]
  one.writer.write('one')
  await until(() => one.heard.text === 'one', 'the one was not read')
  other.writer.write('two')
  await until(() => other.heard.text === 'two', 'the other was not read')
  expect(String(one.heard.chunks[0])).toBe('two')
  expect(one.socket.readableLength).toBe(0)
  expect(one.socket.bytesRead).toBe(3)
})
