import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {type WordFilterConfig, type WordFilterCounts, wordFilter} from '../../examples/my-plugin/word-filter.js'
import {createServer} from '../../src/index.js'
import {loadPlugins} from '../../src/ops/load-plugins.js'
import {projectRoot} from '../architecture/sources.js'
import {ManualClock} from '../helpers/manual-clock.js'
import {RawClient} from '../helpers/raw-client.js'

/** A server with the plugin, and what it logs. */
async function filteredServer(config: Partial<WordFilterConfig>) {
  const clock = new ManualClock()
  const logged: {fields: object; message: string}[] = []
  const note = (fields: object, message: string) => void logged.push({fields, message})
  const server = await createServer(
    {server: {port: 0}, plugins: [wordFilter], 'word-filter': config},
    {clock, log: {debug: note, info: note, warn: note, error: note}},
  )
  onTestFinished(async () => {
    await server.close()
  })
  return {server, clock, logged}
}

async function inRoom(port: number, userId: number): Promise<RawClient> {
  const client = await RawClient.login(port, userId)
  client.send({type: 'join_room', roomId: 7})
  await client.take('room_joined')
  return client
}

test('unwanted words are refused by a rule, and the third time closes', async () => {
  const {server, clock, logged} = await filteredServer({words: ['darn'], reportEveryMs: 5000})
  await using ann = await inRoom(server.address.port, 1)
  const say = (message: string) => ann.send({type: 'chat', roomId: 7, message, seq: 1})

  say('darned if I know')
  expect(await ann.take('chat')).toMatchObject({message: 'darned if I know'})
  for (const count of [1, 2]) {
    say('oh, DARN!')
    const message = `mind your words (${count} of 3)`
    expect(await ann.take('error')).toMatchObject({seq: 1, code: 'content_rejected', rule: 'unwanted-word', message})
  }
  clock.advance(5000)
  expect(logged).toContainEqual({fields: {plugin: 'word-filter', chats: 3, refused: 2}, message: 'word filter'})

  say('darn')
  expect(await ann.take('goodbye')).toMatchObject({reason: 'kicked', message: 'mind your words (3 of 3)'})
  await ann.closed
  const counts = server.provided('word-filter') as WordFilterCounts
  expect({...counts}).toEqual({chats: 4, refused: 3})

  await using again = await inRoom(server.address.port, 1)
  again.send({type: 'chat', roomId: 7, message: 'darn'})
  expect(await again.take('error')).toMatchObject({message: 'mind your words (1 of 3)'})
})

test.each([
  [{}, 'words must be a list of single words, at least one'],
  [{words: ['two words']}, 'words must be a list of single words, at least one'],
  [{words: ['darn'], strikes: 0}, 'strikes must be a whole number from 1'],
  [{words: ['darn'], word: 1}, 'there is no key word; keys are words, strikes and reportEveryMs'],
])('the configuration %j is refused', async (config, reason) => {
  await expect(filteredServer(config as Partial<WordFilterConfig>)).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining(reason),
  })
})

test('a configuration can name it by its path', async () => {
  const plugins = await loadPlugins(['./word-filter.ts'], {baseDir: join(projectRoot, 'examples/my-plugin')})
  expect(plugins.map(({name}) => name)).toEqual(['word-filter'])
})
