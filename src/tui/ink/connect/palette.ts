import type {LineKind} from '../../model/conversation.js'
import type {TerminalLook} from '../../model/terminal-look.js'

/** What ink's Text takes. */
export interface TextStyle {
  readonly color?: string
  readonly bold?: boolean
  readonly dimColor?: boolean
  readonly inverse?: boolean
}

/** Colours of the 16 that every terminal has, readable on dark and on light ground. */
const nameColors = ['cyan', 'green', 'magenta', 'yellow', 'blue', 'red'] as const

const lineStyles: Record<LineKind, TextStyle> = {
  chat: {},
  own: {},
  joined: {color: 'green'},
  left: {dimColor: true},
  game: {color: 'cyan'},
  notice: {color: 'yellow', bold: true},
  error: {color: 'red'},
  status: {color: 'yellow'},
  info: {dimColor: true},
}

/** Styles by meaning. Without colour only weight is left. */
export class Palette {
  readonly #isColored: boolean

  constructor({isColored}: TerminalLook) {
    this.#isColored = isColored
  }

  line(kind: LineKind): TextStyle {
    return this.#allowed(lineStyles[kind])
  }

  /** The same person, the same colour. */
  author(userId: number | null, isSelf: boolean): TextStyle {
    if (isSelf) return {bold: true}
    const color = nameColors[(userId ?? 0) % nameColors.length]
    return this.#allowed({bold: true, ...(color !== undefined && {color})})
  }

  get faint(): TextStyle {
    return this.#allowed({dimColor: true})
  }

  get warning(): TextStyle {
    return this.#allowed({color: 'yellow', bold: true})
  }

  get attention(): TextStyle {
    return this.#allowed({color: 'green', bold: true})
  }

  mark(mark: 'X' | 'O'): TextStyle {
    return this.#allowed({bold: true, color: mark === 'X' ? 'cyan' : 'magenta'})
  }

  get winningMark(): TextStyle {
    return this.#allowed({bold: true, inverse: true, color: 'green'})
  }

  #allowed(style: TextStyle): TextStyle {
    return this.#isColored ? style : style.bold ? {bold: true} : {}
  }
}
