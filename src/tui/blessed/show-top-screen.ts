import blessed, {type Widgets} from 'blessed'
import type {TerminalLook} from '../model/terminal-look.js'
import type {TopSession} from '../top/top-session.js'
import {LineCharts} from './line-charts.js'
import {TerminalGuard} from './terminal-guard.js'
import {encodeLine} from './tone-codes.js'

/** No more often, so that a storm of changes of size or data costs little. */
const MIN_REDRAW_MS = 33
/** Times on the screen go on while nothing comes. */
const CLOCK_MS = 1_000
/** More than 256 colours are not known to the screen. */
const MAX_COLOR_BITS = 8

/**
 * Takes the terminal until the person leaves, and gives it back as it was, whatever ends it. Returns the exit status.
 *
 * @throws {unknown} what ended the session, when it was not the person.
 */
export async function showTopScreen(session: TopSession, look: TerminalLook): Promise<number> {
  // Without it borders and blocks are drawn with an old way of switching alphabets.
  process.env.NCURSES_NO_UTF8_ACS ??= '1'
  const screen = blessed.screen({
    smartCSR: false,
    fullUnicode: look.isUtf8,
    forceUnicode: look.isUtf8,
    warnings: false,
    resizeTimeout: MIN_REDRAW_MS,
    title: 'gs top',
    ...terminalOf(process.env.TERM),
  })
  const guard = new TerminalGuard(() => screen.destroy())
  const painter = new Painter(screen, session, look)
  try {
    screen.on('keypress', (character, key) => {
      const name = keyName(character, key)
      if (name !== undefined) session.press(name)
    })
    screen.on('resize', () => session.resize(sizeOf(screen)))
    session.resize(sizeOf(screen))
    session.start({
      onChange: () => painter.drawSoon(),
      suspend: () => painter.suspend(),
      redraw: () => painter.redraw(),
    })
    painter.draw()
    const {exitCode} = await Promise.race([session.finished.then(() => ({exitCode: 0})), guard.ended])
    return exitCode
  } finally {
    session.close()
    painter.close()
    guard.release()
  }
}

/** Puts frames on the screen. */
class Painter {
  readonly #screen: Widgets.Screen
  readonly #session: TopSession
  readonly #look: TerminalLook
  readonly #canvas: Widgets.BoxElement
  readonly #charts: LineCharts
  readonly #clock: NodeJS.Timeout
  readonly #colors: number
  #timer: NodeJS.Timeout | undefined
  #drawnAtMs = 0
  #isSuspended = false

  constructor(screen: Widgets.Screen, session: TopSession, look: TerminalLook) {
    this.#screen = screen
    this.#session = session
    this.#look = look
    this.#canvas = blessed.box({parent: screen, top: 0, left: 0, width: '100%', height: '100%', wrap: false})
    this.#charts = new LineCharts(screen, look)
    this.#colors = matchColors(screen)
    this.#clock = setInterval(() => this.drawSoon(), CLOCK_MS)
  }

  drawSoon(): void {
    if (this.#timer !== undefined) return
    const waitMs = Math.max(0, this.#drawnAtMs + MIN_REDRAW_MS - performance.now())
    this.#timer = setTimeout(() => this.draw(), waitMs)
  }

  draw(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isSuspended) return
    this.#drawnAtMs = performance.now()
    const {lines, lineCharts} = this.#session.frame({hasLineCharts: this.#look.isUtf8})
    const depth = {isColored: this.#look.isColored, colors: this.#colors}
    this.#canvas.setContent(lines.map(line => encodeLine(line, depth)).join('\n'))
    this.#charts.show(lineCharts)
    this.#screen.render()
  }

  /** Everything anew, whatever stands on the terminal. */
  redraw(): void {
    this.#screen.realloc()
    this.draw()
  }

  /** Gives the terminal to the shell until the shell gives it back. The types do not know of leaving and entering. */
  suspend(): void {
    const screen = this.#screen as Widgets.Screen & {leave(): void; enter(): void}
    this.#isSuspended = true
    screen.leave()
    process.stdin.setRawMode(false)
    process.once('SIGCONT', () => {
      process.stdin.setRawMode(true)
      screen.enter()
      this.#isSuspended = false
      this.redraw()
    })
    process.kill(process.pid, 'SIGTSTP')
  }

  close(): void {
    clearInterval(this.#clock)
    clearTimeout(this.#timer)
  }
}

/**
 * Has the screen use the colours that the terminal has. Its own search for a description fails on many terminals, and then
 * it believes in 8, of which grey is black.
 */
function matchColors({program}: Widgets.Screen): number {
  const colors = 2 ** Math.min(MAX_COLOR_BITS, process.stdout.getColorDepth())
  Object.assign((program as unknown as {readonly tput: {colors: number}}).tput, {colors})
  return colors
}

/**
 * Descriptions of screen and tmux with more colours cannot be read here, with a page of complaints; apart from the colours
 * the shorter names mean the same.
 */
function terminalOf(name = ''): {terminal?: string} {
  const [plain] = /^(?:screen|tmux)/.exec(name) ?? []
  return plain === undefined ? {} : {terminal: plain}
}

function sizeOf(screen: Widgets.Screen): {columns: number; rows: number} {
  return {columns: Number(screen.width), rows: Number(screen.height)}
}

/** Characters by themselves, other keys by name; undefined for what comes twice, or is no key. */
function keyName(character: string | undefined, key: Widgets.Events.IKeyEventArg): string | undefined {
  if (key.name === 'return' || key.name === 'undefined') return undefined
  if (key.name === 'linefeed') return 'enter'
  const isCharacter = character !== undefined && /^\P{Cc}$/u.test(character)
  return isCharacter && !key.ctrl && !key.meta ? character : key.full
}
