import {join} from 'node:path'
import {expect, test} from 'vitest'
import {AdminClient} from '../../src/client/admin/admin-client.js'
import {exportToFile} from '../../src/ops/analytics/export/export-view.js'
import {adminSocket} from '../helpers/admin-socket.js'
import {tempFolder} from '../helpers/temp-folder.js'

test('an export that has no place for its file lets go of the rows at once', async () => {
  const {promise: isLeft, resolve} = Promise.withResolvers<void>()
  const {path: socketPath} = await adminSocket({
    handler(_request, response) {
      response.once('close', resolve)
      // The rows never end by themselves.
      response.write('{"columns":["id"],"total":1}\n')
    },
  })
  const path = join(tempFolder({'taken.csv': ''}), 'taken.csv')
  const source = {admin: new AdminClient({socketPath})}
  const plan = {
    source,
    view: 'v_events',
    sinceMs: undefined,
    format: 'csv',
    signal: new AbortController().signal,
  } as const
  const exported = exportToFile(plan, {path, mayReplace: false, onProgress() {}})
  await expect(exported).rejects.toMatchObject({code: 'file_exists'})
  await isLeft
})
