import {describe, expect, test} from 'vitest'
import {bundleProgram} from '../../helpers/run-program.js'
import {TmuxTerminals, whyNoTmux} from '../../helpers/tmux-terminal.js'

const noTmux = whyNoTmux()

/** Takes the screen for a session that fails as its argument says. */
const program = `
  import {showTopScreen} from './src/tui/blessed/show-top-screen.ts'
  const how = process.argv[2]
  let frames = 0
  const session = {
    finished: how === 'session' ? new Promise((_, reject) => setTimeout(reject, 300, new Error('session broke'))) : new Promise(() => {}),
    start() {
      if (how === 'throw') setTimeout(() => { throw new Error('timer broke') }, 300)
      if (how === 'reject') setTimeout(() => void Promise.reject(new Error('promise broke')), 300)
      if (how === 'exit') setTimeout(() => process.exit(9), 300)
    },
    close() {},
    resize() {},
    press() {},
    frame() {
      frames += 1
      if (how === 'draw' && frames > 1) throw new Error('drawing broke')
      return {lines: [[{text: 'taken', tone: 'plain'}]], lineCharts: []}
    },
  }
  try {
    process.exitCode = await showTopScreen(session, {isColored: true, isUtf8: true})
  } catch (error) {
    console.error('caught:', error.message)
    process.exitCode = 1
  }
`

describe.skipIf(noTmux)(`the terminal${noTmux ? ` (skipped: ${noTmux})` : ''}`, () => {
  test.each([
    ['throw', 'caught: timer broke', 1],
    ['reject', 'caught: promise broke', 1],
    ['draw', 'caught: drawing broke', 1],
    ['session', 'caught: session broke', 1],
    ['exit', '', 9],
  ])('is given back after %s', async (how, words, status) => {
    const path = await bundleProgram(`top-screen-${how}`, program)
    const terminal = await new TmuxTerminals().open({name: 'top', columns: 80, rows: 24})
    await terminal.enter(`${process.execPath} ${path} ${how}; echo "status=$?"`)
    await terminal.shows('taken')
    expect(await terminal.property('alternate_on')).toBe('1')
    expect(await terminal.shows(`status=${status}`)).toContain(words)
    expect(await terminal.property('alternate_on')).toBe('0')
    expect(await terminal.property('cursor_flag')).toBe('1')
    await terminal.enter('stty -a')
    await terminal.shows(/ icanon\b/)
    await terminal.shows(/ echo\b/)
  })
})
