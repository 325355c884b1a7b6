import {onTestFinished, test} from 'vitest'
import {startBot} from '../../examples/bot.js'
import {createServer, GsClient} from '../../src/index.js'

test('the bot greets newcomers and rolls dice', async () => {
  const server = await createServer({server: {port: 0}, log: {level: 'silent'}})
  const {port} = server.address
  const bot = await startBot({port, roomId: 7, random: () => 0.5})
  const ann = await GsClient.connect({port, userId: 2, nickname: 'Ann'})
  onTestFinished(async () => {
    await ann.close()
    await bot.close()
    await server.close()
  })
  const said = (text: string) => ann.waitFor('chat', ({message}) => message === text)

  const greeting = said('Hello Ann! Say !dice and I roll one.')
  await ann.joinRoom(7)
  await greeting
  const roll = said('Ann rolls a 4.')
  await ann.chat(7, '!dice')
  await roll
})
