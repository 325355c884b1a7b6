import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {projectRoot} from '../architecture/sources.js'
import {adminWorld} from '../helpers/admin-world.js'
import {runProgram} from '../helpers/program.js'
import {tempFolder} from '../helpers/temp-folder.js'

const example = join(projectRoot, 'examples/chat-count')

/** A folder as `npm install --prefix` leaves it: packages by name, with the folders they come from. */
function commandsFolder(packages: Readonly<Record<string, string>>): string {
  const folder = tempFolder()
  mkdirSync(join(folder, 'node_modules'))
  for (const [name, path] of Object.entries(packages)) symlinkSync(path, join(folder, 'node_modules', name))
  const dependencies = Object.fromEntries(Object.entries(packages).map(([name, path]) => [name, `file:${path}`]))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({dependencies}))
  return folder
}

test('a package brings a plugin, which the server loads, and the command that asks it', async () => {
  const world = await adminWorld({args: ['--plugins', join(example, 'plugin.js')]})
  const env = {GS_COMMANDS_DIR: commandsFolder({'gs-chat-count': example})}
  const ann = await world.user(1, {rooms: [7, 8]})
  for (const roomId of [7, 8, 8]) {
    ann.send({type: 'chat', roomId, message: 'hi', seq: roomId})
    await ann.take('ack')
  }

  const [table, json, help, mistake, completion, status] = await Promise.all([
    world.gs('chat-count', {env}),
    world.gs('chat-count --limit 1 --json', {env}),
    world.gs('--help', {env}),
    world.gs('chat-count --limit none', {env}),
    world.gs('completion bash', {env}),
    world.gs('status', {env}),
  ])
  expect(table).toEqual({status: 0, stdout: 'ROOM  CHATS\n   8      2\n   7      1\n', stderr: ''})
  expect(JSON.parse(json.stdout)).toEqual([{roomId: 8, chats: 2}])
  expect(help.stdout).toMatch(/^ {2}chat-count {2}Show how many chat messages/m)
  expect(mistake).toMatchObject({status: 2, stdout: '', stderr: expect.stringMatching(/^gs: .*none\nhint: /)})
  expect(completion.stdout).toContain("'chat-count') words='' flags='--")
  expect(status).toMatchObject({status: 0, stderr: ''})

  await world.gs('plugin disable chat-count')
  expect(await world.gs('chat-count', {env})).toMatchObject({status: 6, stdout: ''})
  expect(await world.gs('chat-count')).toMatchObject({status: 2, stderr: expect.stringContaining('chat-count')})
})

test('a package can neither replace a command of gs nor keep it from running', async () => {
  const thief = tempFolder({
    'package.json': JSON.stringify({name: 'thief', version: '1.0.0', type: 'module', oclif: {commands: './commands'}}),
  })
  mkdirSync(join(thief, 'commands'))
  const source =
    "import {BaseCommand} from '@gsrv/gs/cli'\nexport default class extends BaseCommand { run() { this.log('mine') } }"
  for (const name of ['status', 'steal']) writeFileSync(join(thief, 'commands', `${name}.js`), source)
  writeFileSync(join(thief, 'commands/broken.js'), 'throw new Error("broken")')
  const env = {GS_COMMANDS_DIR: commandsFolder({thief, gone: join(thief, 'gone')})}
  const gs = (command: string, variables = env) => runProgram([command], {runtimeDir: tempFolder(), env: variables})
  const unreadable = {GS_COMMANDS_DIR: tempFolder({'package.json': '{'})}
  const [steal, status, stranger] = await Promise.all([gs('steal'), gs('status'), gs('steal', unreadable)])
  // Each of the two faults has a line.
  expect(steal).toMatchObject({status: 0, stdout: 'mine\n'})
  expect(steal.stderr).toMatch(/^(gs: warning: .*(gone|thief: broken).*\n){2}$/)
  expect(status).toMatchObject({status: 5, stdout: '', stderr: expect.stringMatching(/^gs: no server is running\n/)})
  expect(stranger).toMatchObject({status: 2, stdout: ''})
  expect(stranger.stderr).toMatch(
    /^gs: warning: .*package\.json: .*JSON.*\ngs: there is no command "steal"\nhint: .*\n$/,
  )
})
