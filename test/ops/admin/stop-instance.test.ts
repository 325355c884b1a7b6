import type {RequestListener} from 'node:http'
import {expect, test} from 'vitest'
import {AdminClient} from '../../../src/client/admin/admin-client.js'
import {stopInstance} from '../../../src/ops/admin/instance.js'
import {adminSocket} from '../../helpers/admin-socket.js'

/** Answers each question for the status with the next of these, the last one for ever. */
function server(...answers: (string | {code: string} | 'nothing')[]): RequestListener {
  let asked = 0
  return (request, response) => {
    if (request.method === 'POST') {
      response.end(JSON.stringify({v: 1, data: {}}))
      return
    }
    const answer = answers[Math.min(asked, answers.length - 1)]
    asked += 1
    if (answer === 'nothing') return
    if (typeof answer === 'string') response.end(JSON.stringify({v: 1, data: {startedAt: answer}}))
    else response.writeHead(503).end(JSON.stringify({error: {...answer, message: 'wait', hint: null}}))
  }
}

async function stop(handler: RequestListener, waitMs = 5000) {
  const {path} = await adminSocket({handler})
  return stopInstance(new AdminClient({socketPath: path, timeoutMs: 1000}), {waitMs})
}

test('a server that a supervisor has started anew is another one', async () => {
  expect(await stop(server('monday', 'monday', 'tuesday'))).toMatchObject({stopped: true})
})

test('one that is too busy to answer is waited for', async () => {
  expect(await stop(server('monday', 'nothing', {code: 'server_busy'}, 'tuesday'))).toMatchObject({stopped: true})
})

test('one that stays is told so after the time given', async () => {
  await expect(stop(server('monday'), 1)).rejects.toMatchObject({
    code: 'timed_out',
    message: expect.stringMatching(/is still there$/),
  })
  await expect(stop(server('monday', {code: 'internal'}))).rejects.toMatchObject({code: 'internal'})
})
