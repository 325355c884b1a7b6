import {closeSync, openSync} from 'node:fs'

import type {Foreground} from '../ops/foreground.js'

/** A supervisor may signal a process group, so that one stop arrives twice; within this time it counts once. */
const SAME_SIGNAL_MS = 200
const SIGNALS_TO_EXIT = 3

/**
 * Runs a server until it is told to stop: SIGTERM or SIGINT stop it, a second one changes nothing, a third ends the
 * process at once. SIGHUP has it read its configuration again, or stops it when its terminal is gone. Resolves to false
 * when clients had to be cut off.
 */
export async function untilStopped(foreground: Foreground): Promise<boolean> {
  const hadTerminal = hasTerminal()
  let stopSignals = 0
  let lastSignalMs = Number.NEGATIVE_INFINITY

  const stop = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now()
    if (nowMs - lastSignalMs < SAME_SIGNAL_MS) return
    lastSignalMs = nowMs
    stopSignals += 1
    if (stopSignals === 1) foreground.stop()
    if (stopSignals === SIGNALS_TO_EXIT) dieOf(signal)
  }
  const hangUp = (signal: NodeJS.Signals): void => {
    if (hadTerminal && !hasTerminal()) stop(signal)
    // The log tells how it went; nobody waits for the answer to a signal.
    else foreground.reload().catch(() => {})
  }
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', hangUp)
  try {
    return await foreground.ended
  } finally {
    // The handlers stay to the very end: the same stop may arrive once more while the process winds up.
    process.exitCode ??= 0
  }
}

/** Ends the process the way the signal would have without a handler. */
function dieOf(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    // Without a controlling terminal the device cannot be opened.
    return false
  }
}
