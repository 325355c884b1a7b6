import {expect, test} from 'vitest'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {definePlugin} from '../../src/pipeline/define-plugin.js'
import {RawClient} from '../helpers/raw-client.js'

/** What a plugin throws that brings its own copy of this package. */
function foreignRefusal(): Error {
  const marks = {[Symbol.for('gs.error')]: true, code: 'not_allowed', consequence: 'close', closeReason: 'blocked'}
  return Object.assign(new Error('not you'), marks)
}

test('a refusal made by another copy of the package has its full consequence', async () => {
  const plugin = definePlugin({
    name: 'foreign',
    setup(host) {
      host.hook('beforeMessage', () => {
        throw foreignRefusal()
      })
    },
  })
  await using world = await createTestServer({plugins: [plugin]})
  await using client = await RawClient.login(world.port, 1)
  client.send({type: 'heartbeat'})
  expect(await client.take('goodbye')).toMatchObject({reason: 'blocked', message: 'not you'})
  expect(world.server.plugins).toMatchObject([{name: 'foreign', failures: 0}])
})
