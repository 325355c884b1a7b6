import {expect, onTestFinished, test} from 'vitest'
import {startBot} from '../../examples/bot.js'
import {createServer} from '../../src/index.js'
import {RawClient} from '../helpers/raw-client.js'

test('the bot comes back to its room after a lost connection', async () => {
  const first = await createServer({server: {port: 0}, log: {level: 'silent'}})
  const {port} = first.address
  const bot = await startBot({port, roomId: 7, random: () => 0})
  await first.close()
  const second = await createServer({server: {port}, log: {level: 'silent'}})
  onTestFinished(async () => {
    await bot.close()
    await second.close()
  })
  await bot.waitFor('room_joined', ({roomId}) => roomId === 7, {timeoutMs: 15_000})

  await using ann = await RawClient.login(port, 2)
  ann.send({type: 'join_room', roomId: 7})
  expect(await ann.take('chat')).toMatchObject({message: 'Hello user 2! Say !dice and I roll one.'})
  ann.send({type: 'chat', roomId: 7, message: '!dice'})
  await ann.take('chat')
  expect(await ann.take('chat')).toMatchObject({message: 'user 2 rolls a 1.'})
})
