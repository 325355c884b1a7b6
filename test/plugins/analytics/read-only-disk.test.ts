import {join} from 'node:path'
import {expect, test} from 'vitest'
import {openAnalytics} from '../../../src/ops/analytics/open-analytics.js'
import {createTestServer} from '../../../src/ops/create-test-server.js'
import {tinyDisk} from '../../helpers/tiny-disk.js'

test('a data directory on a disk that cannot be written is read all the same', async context => {
  const disk = tinyDisk('4m')
  if (disk === null) return context.skip('mounting a small disk is not allowed here')
  const dataDir = join(disk.folder, 'data')
  const world = await createTestServer({plugins: ['analytics'], dataDir})
  await world.connect({userId: 1})
  await world.close()
  if (!disk.remount('ro')) return context.skip('remounting is not allowed here')
  const stored = await openAnalytics(dataDir)
  expect(await stored.user(1)).toMatchObject({totalSessions: 1})
  await stored.close()
})
