import {describe, expect, test} from 'vitest'
import {adminWorld} from '../helpers/admin-world.js'
import {tempFolder} from '../helpers/temp-folder.js'

const words = `
export default {name: 'words', setup(host) {
  host.hook('beforeMessage', () => {})
  const list = ['a\\u001b[31m']
  host.admin.route({method: 'GET', path: 'list', summary: 'Lists.', handler: ({query}) => ({query, list})})
  host.admin.route({method: 'POST', path: 'list', summary: 'Adds.', handler: ({body}) => ({body})})
  host.admin.route({method: 'GET', path: 'broken', summary: 'Breaks.', handler: () => { throw new Error('oh') }})
}}`

function wordsWorld() {
  return adminWorld({files: {'words.mjs': words}, args: ['--plugins', './words.mjs']})
}

describe('gs plugin', () => {
  test('lists plugins with their health and times', async () => {
    const {gs, json, user} = await wordsWorld()
    const client = await user(1, {rooms: [7]})
    client.send({type: 'chat', roomId: 7, message: 'hi', seq: 1})
    await client.take('ack')
    const {status, stdout} = await gs('plugin')
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^PLUGIN {2}STATE +FAILURES +TIME A MESSAGE {2}LAST FAILURE\nwords {3}running +0 +(-|\d+\.\d µs) {2}-\n$/,
    )
    const hooks = [{hook: 'beforeMessage', timedCalls: expect.any(Number), timedMs: expect.any(Number)}]
    expect(await json('plugin')).toEqual([{name: 'words', state: 'running', failures: 0, lastFailure: null, hooks}])
    expect((await gs('status')).stdout).toMatch(
      /\nunsent +0 B\nstore +not in use\n\nPLUGIN {2}STATE .*\nwords +running /,
    )
  })

  test('enables by a path of the one who asks, by name, and disables', async () => {
    const {gs, json, runtimeDir} = await adminWorld()
    const elsewhere = {runtimeDir, cwd: tempFolder({'words.mjs': words})}
    expect(await gs('plugin enable ./words.mjs')).toMatchObject({status: 2, stdout: ''})
    expect(await json('plugin')).toEqual([])
    expect(await gs('plugin enable ./words.mjs', elsewhere)).toEqual({status: 0, stdout: 'enabled words\n', stderr: ''})
    expect(await json('plugin')).toMatchObject([{name: 'words', state: 'running'}])
    for (const command of ['plugin disable nope', 'plugin disable ..', 'plugin call nope list']) {
      expect(await gs(command)).toMatchObject({status: 3, stderr: expect.stringMatching(/^gs: there is no plugin /)})
    }
  })

  test('that is disabled keeps its place in the list and answers with 6 until it is enabled again', async () => {
    const {gs, json} = await wordsWorld()
    expect(await gs('plugin disable words')).toEqual({status: 0, stdout: 'disabled words\n', stderr: ''})
    expect(await json('plugin')).toMatchObject([{name: 'words', state: 'disabled'}])
    expect(await json('plugin disable words')).toMatchObject({name: 'words', state: 'disabled'})
    expect(await gs('plugin call words list')).toEqual({
      status: 6,
      stdout: '',
      stderr: 'gs: the words plugin is not enabled\nhint: Enable it with gs plugin enable words.\n',
    })
    expect(await json('plugin enable words')).toMatchObject({name: 'words', state: 'running'})
    expect(await gs('plugin call words list')).toMatchObject({status: 0})
  })

  test('call reaches its routes, with what a path cannot carry escaped', async () => {
    const {gs, json} = await wordsWorld()
    const get = await gs('plugin call words list?a=1')
    expect(get).toMatchObject({status: 0, stderr: ''})
    expect(get.stdout).not.toContain('\u001b')
    expect(JSON.parse(get.stdout)).toEqual({query: {a: '1'}, list: ['a\u001b[31m']})
    expect(await json(['plugin', 'call', 'words', '/list?a=ä #%20b'])).toMatchObject({query: {a: 'ä # b'}})
    expect(await json(['plugin', 'call', 'words', 'list', '--body', '{"add": ["ü"]}'])).toEqual({body: {add: ['ü']}})
    expect(await json(['plugin', 'call', 'words', 'list', '--body', 'null'])).toEqual({body: null})
    expect(await gs('plugin call words nope')).toEqual({
      status: 3,
      stdout: '',
      stderr: expect.stringMatching(/^gs: the words plugin has no route GET nope\nhint: It has GET list, POST list, /),
    })
    expect(await gs(['plugin', 'call', 'words', 'wörds ..'])).toMatchObject({status: 3})
    expect(await gs('plugin call words list --body {')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^gs: --body is not valid JSON/),
    })
    const forbidden = await gs(['plugin', 'call', 'words', 'list', '--body', '{"__proto__": {"a": 1}}'])
    expect(forbidden).toMatchObject({status: 2, stdout: ''})
    const broken = await gs('plugin call words broken')
    expect(broken).toMatchObject({status: 1, stdout: ''})
    expect(broken.stderr).toMatch(/^gs: .*words.*\n/)
    expect(broken.stderr).not.toContain('    at ')
  })
})
