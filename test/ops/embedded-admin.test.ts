import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {AdminClient} from '../../src/client/admin/admin-client.js'
import type {InstanceStatus} from '../../src/contract/admin.js'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {tempFolder} from '../helpers/temp-folder.js'

test('an embedded server opens an admin channel only where one is named, and it ends with the server', async () => {
  const socket = join(tempFolder(), 'admin.sock')
  const {server, close} = await createTestServer({admin: {socket}})
  const client = new AdminClient({socketPath: socket, timeoutMs: 5000})
  const status = await client.request<InstanceStatus>({method: 'GET', path: '/v1/status'})
  expect(status).toMatchObject({name: 'default', state: 'running', socket, port: server.address.port})
  await expect(client.request({method: 'POST', path: '/v1/reload'})).rejects.toMatchObject({code: 'not_allowed'})
  await close()
  expect(existsSync(socket)).toBe(false)
})

test('two servers cannot have the same admin socket, and the second leaves nothing behind', async () => {
  const socket = join(tempFolder(), 'admin.sock')
  await using first = await createTestServer({admin: {socket}})
  await expect(createTestServer({admin: {socket}})).rejects.toMatchObject({code: 'already_running'})
  const client = new AdminClient({socketPath: socket, timeoutMs: 5000})
  expect(await client.request<InstanceStatus>({method: 'GET', path: '/v1/status'})).toMatchObject({
    port: first.port,
  })
})
