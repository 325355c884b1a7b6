import type {RequestListener} from 'node:http'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {adminSocket} from '../helpers/admin-socket.js'
import {runProgram} from '../helpers/program.js'
import {tempFolder} from '../helpers/temp-folder.js'

/** Runs the real program against a real socket, on which a server of another age answers. */
async function ask(handler: RequestListener, ...args: string[]) {
  const {path} = await adminSocket({handler})
  return runProgram([...args, '--socket', path], {runtimeDir: tempFolder()})
}

function answer(status: number, text: string): RequestListener {
  return (_request, response) => {
    response.writeHead(status, {'content-type': 'application/json'})
    response.end(text)
  }
}

const newer = answer(200, JSON.stringify({v: 2, instance: 'default', data: {}}))
const unknownRoute = {error: {code: 'version_mismatch', message: 'there is no route GET /v1/status', hint: null}}

test.for([
  ['a newer server', newer, 'status', 'the server speaks version 2 of the admin channel, this gs speaks 1'],
  ['a newer server, told to act', newer, 'user kick 42', 'the server speaks version 2'],
  ['an older server', answer(404, JSON.stringify(unknownRoute)), 'status', 'there is no route GET /v1/status'],
  ['a server without this route', answer(404, '<h1>Not found</h1>'), 'room', 'the server does not know GET /v1/rooms'],
  ['a server without this stream', answer(404, ''), 'logs', 'the server does not know GET /v1/logs'],
  ['a server with other events', answer(200, 'hello\n'), 'logs', 'the server sent a line that is no event'],
  [
    'a server with other answers',
    answer(200, '[]'),
    'plugin',
    'the server answered GET /v1/plugins with something else',
  ],
  ['a code of the future', answer(418, '{"error":{"code":"tea_only","message":"no coffee"}}'), 'status', 'no coffee'],
] as const)('%s', async ([name, handler, command, message]) => {
  const {status, stdout, stderr} = await ask(handler, ...command.split(' '))
  expect({status, stdout}).toEqual({status: name === 'a code of the future' ? 1 : 7, stdout: ''})
  const lines = stderr.split('\n')
  expect(lines[0]).toContain(`gs: ${message}`)
  if (status === 7)
    expect(lines.slice(1)).toEqual([expect.stringMatching(/^hint: Use the gs that belongs to the server/), ''])
})

test('something that is no HTTP, and the same with --json', async () => {
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.end('220 smtp ready\r\n')
  })
  const path = join(tempFolder(), 'mail.sock')
  await new Promise<void>(resolve => server.listen(path, resolve))
  onTestFinished(() => void server.close())
  const words = await runProgram(['status', '--socket', path], {runtimeDir: tempFolder()})
  expect(words).toMatchObject({status: 7, stdout: ''})
  expect(words.stderr).toMatch(/^gs: what answers at .* is not the admin socket of a gs server\nhint: .*\n$/)
  const json = await ask(newer, 'room', '--json')
  expect(json).toMatchObject({status: 7, stderr: ''})
  expect(JSON.parse(json.stdout)).toMatchObject({error: {code: 'version_mismatch', hint: expect.any(String)}})
})
