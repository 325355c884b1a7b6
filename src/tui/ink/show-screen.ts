import {render} from 'ink'
import type {ReactElement} from 'react'

/**
 * Takes the terminal until the person leaves or the process is told to end, and gives it back as it was.
 *
 * @param create makes the screen, which calls `leave` when the person wants to go.
 */
export async function showScreen(create: (leave: () => void) => ReactElement): Promise<void> {
  const left = Promise.withResolvers<void>()
  const leave = () => left.resolve()
  const screen = render(create(leave), {
    alternateScreen: true,
    // Ctrl-C is a key like others: a screen may have something to say before it goes.
    exitOnCtrlC: false,
    // The command has made sure that this is a terminal; ink alone would stay silent where CI is set.
    interactive: true,
    incrementalRendering: true,
  })
  const gone = screen.waitUntilExit()
  process.once('SIGTERM', leave)
  process.once('SIGHUP', leave)
  try {
    await Promise.race([left.promise, gone])
  } finally {
    process.off('SIGTERM', leave)
    process.off('SIGHUP', leave)
    screen.unmount()
    await gone.catch(() => {})
  }
}
