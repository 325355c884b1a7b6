import {rmSync, statfsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {createTestServer} from '../../../src/ops/create-test-server.js'
import {tinyDisk} from '../../helpers/tiny-disk.js'

test('a full disk disturbs nobody, and no sum is lost to it', async context => {
  const disk = tinyDisk('3m')
  if (disk === null) return context.skip('mounting a small disk is not allowed here')
  await using world = await createTestServer({plugins: ['analytics'], dataDir: join(disk.folder, 'data')})
  const {server} = world
  const client = await world.connect({userId: 1})
  await client.joinRoom(7)
  for (let message = 0; message < 10; message += 1) await client.chat(7, 'before')
  await server.analytics.flush()

  const ballast = join(disk.folder, 'ballast')
  const {bavail, bsize} = statfsSync(disk.folder)
  writeFileSync(ballast, Buffer.alloc(bavail * bsize))
  for (let message = 0; message < 2000; message += 1) await client.chat(7, 'meanwhile')
  await expect.poll(() => server.storeStatus?.state, {timeout: 10_000}).toBe('disk_full')
  // What is asked is answered from what is stored, and waits for nothing.
  expect((await server.analytics.user(1))?.messagesSent).toBeLessThan(2011)
  for (let message = 0; message < 5; message += 1) await client.chat(7, 'still')

  rmSync(ballast)
  await expect.poll(async () => (await server.analytics.user(1))?.messagesSent, {timeout: 10_000}).toBe(2016)
  expect(await server.analytics.room(7)).toMatchObject({totalMessages: 2016, totalSessions: 1})
  expect(server.analytics.stats().eventsDropped).toBe(0)
})
