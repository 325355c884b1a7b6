import {createElement} from 'react'
import type {CacheStats} from '../../../contract/cache.js'
import type {TerminalLook} from '../../model/terminal-look.js'
import {showScreen} from '../show-screen.js'
import {CacheScreen} from './CacheScreen.js'

export interface CacheScreenOptions {
  readonly poll: () => Promise<CacheStats>
  readonly intervalMs: number
  readonly look: TerminalLook
}

const nowMs = () => performance.now()

/**
 * Takes the terminal until the person leaves, and gives it back as it was. Returns the exit status.
 *
 * @throws {GsError} when the server cannot be asked at the beginning.
 */
export async function showCacheScreen(options: CacheScreenOptions): Promise<number> {
  // Before the screen is taken: who asks in vain is told so in words.
  await options.poll()
  return showScreen(onLeave => createElement(CacheScreen, {...options, nowMs, onLeave}))
}
