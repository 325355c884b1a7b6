import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {projectRoot} from '../architecture/sources.js'
import {tempFolder} from '../helpers/temp-folder.js'

const program = `
  import {createServer, definePlugin} from '@gsrv/gs'
  const noted = Promise.withResolvers()
  const notes = definePlugin({
    name: 'notes',
    async setup(host) {
      await host.store.migrate('notes', ['CREATE TABLE notes_all (text TEXT)'])
      await host.store.write([{sql: 'INSERT INTO notes_all VALUES (?)', params: ['kept']}])
      noted.resolve(await host.store.query('SELECT text FROM notes_all'))
    },
  })
  const dataDir = process.argv[1]
  const server = await createServer({server: {port: 0}, plugins: [notes], ...(dataDir ? {dataDir, ephemeral: false} : {})})
  console.log(JSON.stringify(await noted.promise))
  await server.close()
`

test.each([['in a file'], ['in memory']])('the package as it is built finds its threads: a store %s', where => {
  const directory = where === 'in a file' ? [join(tempFolder(), 'data')] : []
  const args = ['--input-type=module', '--eval', program, '--', ...directory]
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {cwd: projectRoot, encoding: 'utf8'})
  expect({status, stdout, stderr}).toEqual({status: 0, stdout: '[{"text":"kept"}]\n', stderr: ''})
})
