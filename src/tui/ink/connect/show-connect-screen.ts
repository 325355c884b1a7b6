import {createElement} from 'react'
import type {GsClient} from '../../../client/game-client.js'
import {RoomSession} from '../../model/room-session.js'
import type {TerminalLook} from '../../model/terminal-look.js'
import {showScreen} from '../show-screen.js'
import {ConnectScreen} from './ConnectScreen.js'

export interface ConnectScreenOptions {
  /** Connected, and without anything said yet. */
  readonly client: GsClient
  readonly nickname: string | undefined
  readonly rooms: readonly number[]
  readonly look: TerminalLook
}

/**
 * Takes the terminal until the person leaves, and gives it back as it was, whatever ends it. Returns the exit
 * status.
 *
 * @throws {GsError} what ended the connection, when it was not the person.
 */
export async function showConnectScreen({client, nickname, rooms, look}: ConnectScreenOptions): Promise<number> {
  const session = new RoomSession({client, nickname, rooms, nowMs: Date.now})
  let exitCode: number
  try {
    exitCode = await showScreen(leave => {
      void session.finished.then(leave)
      return createElement(ConnectScreen, {session, look})
    })
  } finally {
    session.leave()
  }
  const reason = await session.finished
  if (reason) throw reason
  return exitCode
}
