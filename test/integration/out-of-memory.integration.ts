import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {freePort} from '../helpers/free-port.js'
import {Program} from '../helpers/program.js'
import {RawClient} from '../helpers/raw-client.js'
import {tempFolder} from '../helpers/temp-folder.js'

/** A plugin that takes all the memory there is, first of one kind, and when it gets no more of that, of the other. */
const HOARD = `
  const kept = []
  function hoard() {
    try {
      for (;;) kept.push(Buffer.alloc(4_000_000, 1))
    } catch {
      for (;;) kept.push(Array(100_000).fill(0.5))
    }
  }
  export default {
    name: 'hoard',
    setup: host => void host.hook('beforeMessage', ({message}) => message.type === 'chat' && hoard()),
  }`

test('out of memory it ends at once, says so, and leaves nothing in the way of the next one', async ({skip}) => {
  if (spawnSync('prlimit', ['--version']).status !== 0) skip('prlimit is not installed')
  const cwd = tempFolder({'hoard.mjs': HOARD})
  const args = ['serve', '--port', String(await freePort()), '--plugins', './hoard.mjs']
  const server = new Program(args, {cwd})
  const {port, socket} = await server.ready()
  await using client = await RawClient.login(port, 7)
  client.send({type: 'join_room', roomId: 5})
  await client.take('room_joined')
  // Only once it runs: Node reserves more at its start than it will ever use.
  const {pid} = server.child
  const usedKb = Number(/^VmData:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  expect(spawnSync('prlimit', ['--pid', String(pid), `--data=${(usedKb + 65_536) * 1024}`]).status).toBe(0)

  client.send({type: 'chat', roomId: 5, message: 'x'})
  const {code, signal} = await server.ended()
  expect({code, signal}).toEqual({code: null, signal: expect.stringMatching(/^SIG(ABRT|TRAP|ILL)$/)})
  expect(server.stderr).toMatch(/out of memory/)
  await client.closed
  // Nobody has cleaned up, and yet the port, the socket and the lock are free.
  const next = new Program(args, {cwd, runtimeDir: server.runtimeDir})
  expect(await next.ready()).toEqual({port, socket})
})
