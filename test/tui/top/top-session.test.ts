import {readdirSync} from 'node:fs'
import type {RequestListener} from 'node:http'
import {expect, test} from 'vitest'
import {AdminClient} from '../../../src/client/admin/admin-client.js'
import {TopSession} from '../../../src/tui/top/top-session.js'
import {adminSocket} from '../../helpers/admin-socket.js'
import {tempFolder} from '../../helpers/temp-folder.js'
import {until} from '../../helpers/until.js'
import {nowMs, textOf, topSample} from './top-world.js'

const usage = {
  ...{uptimeMs: 1000, cpuMs: 1, eventLoopActiveMs: 1, eventLoopDelayP99Ms: 1},
  ...{messages: 0, errors: 0, deliveries: 0, bytesIn: 0, bytesOut: 0},
}

/** A server without plugins, that says what it was asked. */
async function smallServer(): Promise<{client: AdminClient; asked: string[]}> {
  const asked: string[] = []
  const handler: RequestListener = ({url = ''}, response) => {
    const path = url.replace(/\?.*$/, '')
    asked.push(path)
    if (path === '/v1/logs') response.write('\n')
    else if (/metrics|security|cache/.test(path)) {
      response.writeHead(409).end(JSON.stringify({error: {code: 'plugin_disabled', message: 'off', hint: null}}))
    } else {
      const answers: Record<string, unknown> = {'/v1/status': topSample().status, '/v1/usage': usage}
      response.end(JSON.stringify({v: 1, data: answers[path] ?? {items: [], total: 0}}))
    }
  }
  const {path} = await adminSocket({handler})
  return {client: new AdminClient({socketPath: path}), asked}
}

test('what ends after the person has left asks the server for nothing, and draws nothing', async () => {
  const {client, asked} = await smallServer()
  const folder = tempFolder()
  const options = {view: 'events', sort: undefined, isReversed: false, filter: '', intervalMs: 1000} as const
  const session = new TopSession({
    ...{client, folder, isUtf8: true, actor: 'me', nowMs: () => nowMs},
    options: {...options, isReadOnly: false},
  })
  let changes = 0
  session.start({onChange: () => (changes += 1), suspend() {}, redraw() {}})
  const shown = () => session.frame({hasLineCharts: false}).lines.map(textOf).join('\n')
  await until(() => shown().includes('127.0.0.1:7000'), 'there is no sample')
  await until(() => asked.includes('/v1/logs'), 'the log is not followed')
  session.press('s')
  session.close()
  await session.finished
  const [questions, drawn] = [asked.length, changes]
  await until(() => readdirSync(folder).some(name => name.endsWith('.json')), 'there is no snapshot')
  // The word on it comes a few turns after the file.
  for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve))
  expect({questions: asked.length, drawn: changes}).toEqual({questions, drawn})
})
