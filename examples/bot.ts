import {GsClient} from '@gsrv/gs'

/** Greets whoever joins the room, and rolls a die for everyone who says `!dice`. Reconnects by itself. */
export async function startBot({port = 7000, roomId = 7, random = Math.random} = {}): Promise<GsClient> {
  const bot = await GsClient.connect({port, nickname: 'Dice'})

  bot.on('member_joined', async ({userId, nickname = `user ${userId}`}) => {
    await bot.chat(roomId, `Hello ${nickname}! Say !dice and I roll one.`)
  })
  bot.on('chat', async ({userId, nickname = `user ${userId}`, message}) => {
    if (message !== '!dice' || userId === bot.userId) return
    await bot.chat(roomId, `${nickname} rolls a ${1 + Math.floor(random() * 6)}.`)
  })

  await bot.joinRoom(roomId)
  return bot
}

if (import.meta.main) await startBot()
