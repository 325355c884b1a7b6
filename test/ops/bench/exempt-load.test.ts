import type {RequestListener} from 'node:http'
import {text} from 'node:stream/consumers'
import {expect, test} from 'vitest'
import {AdminClient} from '../../../src/client/admin/admin-client.js'
import {exemptLoad} from '../../../src/ops/bench/exempt-load.js'
import {adminSocket} from '../../helpers/admin-socket.js'

type State = 'running' | 'failing' | 'disabled'

/** A server whose security plugin is in this state and answers like this; null: it lacks the routes. */
async function guardedServer(state: State | 'absent', answer: {outcome: string; message: string} | null) {
  const asked: {path: string | undefined; body: unknown}[] = []
  const handler: RequestListener = async (request, response) => {
    const body = await text(request)
    const say = (data: object) => response.end(JSON.stringify({v: 1, instance: 'default', data}))
    if (request.url === '/v1/status') {
      say({plugins: state === 'absent' ? [{name: 'metrics', state: 'running'}] : [{name: 'security', state}]})
      return
    }
    asked.push({path: request.url, body: JSON.parse(body)})
    if (answer !== null) {
      say({results: [answer]})
      return
    }
    response.writeHead(404)
    response.end(JSON.stringify({error: {code: 'not_found', message: 'there is no such route', hint: null}}))
  }
  const {path: socketPath} = await adminSocket({handler})
  return {admin: new AdminClient({socketPath}), asked}
}

test('a load is exempt for as long as it takes, and not longer', async () => {
  const {admin, asked} = await guardedServer('running', {outcome: 'allowed', message: 'fine'})
  const exemption = await exemptLoad(admin, 12, 5000)
  expect(exemption.note).toBe('The security plugin exempted users 4000000000 to 4000000011 from its rules.')
  await exemption.lift()
  const targets = [{users: {first: 4_000_000_000, last: 4_000_000_011}}]
  expect(asked).toEqual([
    {path: '/v1/security/allow', body: {targets, actor: 'gs bench', reason: 'load', forMs: 5000}},
    {path: '/v1/security/disallow', body: {targets, actor: 'gs bench'}},
  ])
})

test('an exemption that somebody else gave is left as it is', async () => {
  const {admin, asked} = await guardedServer('failing', {outcome: 'already_allowed', message: 'fine'})
  const exemption = await exemptLoad(admin, 12, 5000)
  await exemption.lift()
  expect(exemption.note).toMatch(/already\.$/)
  expect(asked.map(({path}) => path)).toEqual(['/v1/security/allow'])
})

test.for([
  ['refuses', {outcome: 'refused', message: 'not today'}, /apply to users 4000000000 to 4000000011: not today\.$/],
  ['lacks the routes', null, /apply to users 4000000000 to 4000000011: there is no such route\.$/],
] as const)('a server that %s is no reason to fail, and the line says why', async ([, answer, note]) => {
  const {admin, asked} = await guardedServer('running', answer)
  const exemption = await exemptLoad(admin, 12, 5000)
  await exemption.lift()
  expect(exemption.note).toMatch(note)
  expect(asked).toHaveLength(1)
})

test.for(['absent', 'disabled'] as const)('where the plugin is %s nothing is asked and nothing said', async state => {
  const {admin, asked} = await guardedServer(state, null)
  const exemption = await exemptLoad(admin, 12, 5000)
  await exemption.lift()
  expect({note: exemption.note, asked}).toEqual({note: undefined, asked: []})
})
