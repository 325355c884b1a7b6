import {spawn} from 'node:child_process'
import {chmodSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {adminSocket} from '../../helpers/admin-socket.js'
import {bundleProgram, ended} from '../../helpers/run-program.js'
import {tempFolder} from '../../helpers/temp-folder.js'

describe.skipIf(process.getuid?.() !== 0)('another user than the one of the server', () => {
  test('is told that it is a matter of permission, by path and without one', async () => {
    const folder = tempFolder()
    for (const name of ['sys', 'tmp']) mkdirSync(join(folder, name))
    mkdirSync(join(folder, 'sys/gs'), {mode: 0o700})
    chmodSync(folder, 0o755)
    const open = await adminSocket({path: join(folder, 'open.sock')})
    await adminSocket({path: join(folder, 'sys/gs/hidden.sock')})
    const program = await bundleProgram(
      'other-user',
      `
      import {AdminClient} from './src/client/admin/admin-client.js'
      import {findSocket, listInstances} from './src/client/admin/discover.js'

      const [folder, socketPath] = process.argv.slice(2)
      process.setgroups([])
      process.setgid(65534)
      process.setuid(65534)
      const base = {runtimeDir: undefined, systemDir: folder + '/sys', tempDir: folder + '/tmp', uid: 65534}
      const attempts = [
        new AdminClient({socketPath}).request({path: '/v1/status'}),
        new AdminClient({socketPath}).stream('/v1/logs').next(),
        findSocket({}, base),
        findSocket({name: 'hidden'}, base),
      ]
      for (const {reason} of await Promise.allSettled(attempts)) console.log(reason?.code + ': ' + reason?.message)
      console.log(JSON.stringify(await listInstances(base)))
    `,
    )
    const args = [program, folder, open.path]
    const {stdout} = await ended(spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit']}), 10_000)
    expect(stdout.trim().split('\n')).toEqual([
      `not_permitted: you may not open the admin socket ${open.path}`,
      `not_permitted: you may not open the admin socket ${open.path}`,
      `not_permitted: no server of yours is running, and you may not look into ${folder}/sys/gs`,
      `not_permitted: no server of yours is running, and you may not look into ${folder}/sys/gs`,
      '[]',
    ])
  })
})
