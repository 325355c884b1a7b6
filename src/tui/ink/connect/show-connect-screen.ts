import {render} from 'ink'
import {createElement} from 'react'
import type {GsClient} from '../../../client/game-client.js'
import {RoomSession} from '../../model/room-session.js'
import type {TerminalLook} from '../../model/terminal-look.js'
import {ConnectScreen} from './ConnectScreen.js'

export interface ConnectScreenOptions {
  /** Connected, and without anything said yet. */
  readonly client: GsClient
  readonly nickname: string | undefined
  readonly rooms: readonly number[]
  readonly look: TerminalLook
}

/**
 * Takes the terminal until the person leaves, and gives it back as it was, whatever ends it.
 *
 * @throws {GsError} what ended the connection, when it was not the person.
 */
export async function showConnectScreen({client, nickname, rooms, look}: ConnectScreenOptions): Promise<void> {
  const session = new RoomSession({client, nickname, rooms, nowMs: Date.now})
  const screen = render(createElement(ConnectScreen, {session, look}), {
    alternateScreen: true,
    // Ctrl-C is a key like others: it says goodbye to the server first.
    exitOnCtrlC: false,
    // The command has made sure that this is a terminal; ink alone would stay silent where CI is set.
    interactive: true,
    incrementalRendering: true,
  })
  const gone = screen.waitUntilExit()
  try {
    // The screen goes first only when drawing it failed.
    const reason = await Promise.race([session.finished, gone.then(() => undefined)])
    if (reason) throw reason
  } finally {
    screen.unmount()
    session.leave()
    await gone.catch(() => {})
  }
}
