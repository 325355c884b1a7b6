import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {describe, expect, onTestFinished, type TestContext, test} from 'vitest'
import {AttackedServer} from '../helpers/attacked-server.js'
import {layLink} from '../helpers/cuttable-link.js'
import type {RawClient} from '../helpers/raw-client.js'

/** User 7, in room 5 and in a process of its own, that can be lost without a word and found again. */
interface LostPeer {
  lose(): void
  find(): void
  /** It has read that its connection is over. */
  readonly ended: Promise<unknown>
}

/** Speaks on SIGCONT, and ends with its connection. */
const PEER = `
  const [host, port] = process.argv.slice(1)
  const socket = require('node:net').connect(port, host)
  const send = message => socket.write(JSON.stringify(message) + '\\n')
  send({type: 'hello', userId: 7})
  send({type: 'join_room', roomId: 5})
  process.on('SIGCONT', () => send({type: 'chat', roomId: 5, message: 'too late'}))
  socket.on('error', () => {})
  socket.on('close', () => process.exit())
  socket.on('data', data => String(data).includes('room_joined') && console.log('joined'))
`

async function startPeer([command, ...before]: readonly [string, ...string[]], host: string, port: number) {
  const args = [...before, '-e', PEER, host, String(port)]
  const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'inherit']})
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return {child, ended: once(child, 'exit')}
}

async function stoppedProcess(port: number): Promise<LostPeer> {
  const {child, ended} = await startPeer([process.execPath], '127.0.0.1', port)
  return {lose: () => void child.kill('SIGSTOP'), find: () => void child.kill('SIGCONT'), ended}
}

/** The connection loses every packet; no side hears of it. */
async function cutLink(port: number, {skip}: TestContext): Promise<LostPeer> {
  const link = layLink()
  if (typeof link === 'string') return skip(link)
  const {child, ended} = await startPeer([...link.enter, process.execPath], link.host, port)
  const find = () => {
    child.kill('SIGCONT')
    link.mend()
  }
  return {lose: link.cut, find, ended}
}

describe.for([
  {what: 'a process that is stopped', create: stoppedProcess},
  {what: 'a peer whose cable is cut', create: cutLink},
])('$what', ({create}) => {
  /** Is lost in the middle of a game with user 8. */
  async function loseOne(context: TestContext) {
    const target = await AttackedServer.start({options: {server: {host: '0.0.0.0', insecurePublic: true}}})
    onTestFinished(() => target[Symbol.asyncDispose]())
    const partner = await target.join(8, 5)
    const peer = await create(target.port, context)
    partner.send({type: 'game_start', roomId: 5, game: 'tictactoe'})
    expect(await partner.take('game_started')).toMatchObject({players: [8, 7]})
    peer.lose()
    return {target, partner, peer}
  }

  /** What the room is told of user 7 and of chat, up to now. */
  async function heardBy(partner: RawClient, target: AttackedServer) {
    await target.chatter()
    return partner.frames.splice(0).flatMap(frame => (frame.type === 'chat' ? `chat of ${frame.userId}` : frame.type))
  }

  test('is noticed by its silence, while the room goes on; its seat is kept', async context => {
    const {target, partner} = await loseOne(context)
    for (let second = 0; second < 44; second += 4) {
      partner.send({type: 'chat', roomId: 5, message: 'x'.repeat(1000)})
      await partner.take('chat')
      await target.pass(4000)
    }
    expect(target.server.users.get(7)?.roomIds).toEqual([5])
    await target.pass(2000)
    expect(await heardBy(partner, target)).toEqual(['member_left'])
    expect(target.server.rooms.get(5)?.game).toMatchObject({name: 'tictactoe', phase: 'playing'})

    const again = await target.connect()
    again.send({type: 'hello', userId: 7}, {type: 'join_room', roomId: 5})
    expect(await again.take('welcome')).toMatchObject({games: [{roomId: 5, game: 'tictactoe', seat: 1}]})
    expect(await again.take('room_joined')).toMatchObject({game: {phase: 'playing', players: [8, 7]}})
    await target.expectUnharmed({closes: {heartbeat_timeout: 1}})
  })

  test('may come again before that is noticed: once, and what it says late is not heard', async context => {
    const {target, partner, peer} = await loseOne(context)
    const again = await target.connect()
    again.send({type: 'hello', userId: 7}, {type: 'join_room', roomId: 5})
    expect(await again.take('welcome')).toMatchObject({games: [{roomId: 5, game: 'tictactoe', seat: 1}]})
    await again.take('room_joined')
    peer.find()
    await peer.ended
    again.send({type: 'chat', roomId: 5, message: 'mine'})
    await again.take('chat')
    expect(await heardBy(partner, target)).toEqual(['member_left', 'member_joined', 'chat of 7'])
    await target.expectUnharmed({closes: {replaced: 1}})
  })
})
