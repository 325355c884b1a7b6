import {render} from 'ink'
import type {ReactElement} from 'react'
import {END_SIGNALS} from '../model/end-signals.js'

/**
 * Takes the terminal until the person leaves or the process is told to end, and gives it back as it was. Returns
 * the exit status.
 *
 * @param create makes the screen, which calls `leave` when the person wants to go.
 */
export async function showScreen(create: (leave: () => void) => ReactElement): Promise<number> {
  const left = Promise.withResolvers<number>()
  const leave = () => left.resolve(0)
  const screen = render(create(leave), {
    alternateScreen: true,
    // Ctrl-C is a key like others: a screen may have something to say before it goes.
    exitOnCtrlC: false,
    // The command has made sure that this is a terminal; ink alone would stay silent where CI is set.
    interactive: true,
    incrementalRendering: true,
  })
  const gone = screen.waitUntilExit()
  const handlers = Object.entries(END_SIGNALS).map(([signal, exitCode]) => ({
    signal,
    end: () => left.resolve(exitCode),
  }))
  for (const {signal, end} of handlers) process.on(signal, end)
  try {
    return await Promise.race([left.promise, gone.then(() => 0)])
  } finally {
    for (const {signal, end} of handlers) process.off(signal, end)
    screen.unmount()
    await gone.catch(() => {})
  }
}
