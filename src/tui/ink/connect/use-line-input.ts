import {type Key, useInput, usePaste} from 'ink'
import {useReducer, useRef} from 'react'
import {
  type Edit,
  type EditedLine,
  editLine,
  emptyLine,
  enterLine,
  insertText,
  lineText,
  recallLine,
} from '../../model/line-editor.js'
import {completeCommand} from '../../model/typed-command.js'

export interface LineInputHandlers {
  submit(text: string): void
  leave(): void
  /** 1: a page back, -1: a page forth. */
  scroll(pages: 1 | -1): void
}

const controlEdits: Readonly<Record<string, Edit>> = {
  a: 'start',
  b: 'left',
  e: 'end',
  f: 'right',
  h: 'erase-left',
  k: 'cut-right',
  u: 'cut-left',
  w: 'erase-word',
}

const keyEdits: ReadonlyArray<readonly [keyof Key, Edit]> = [
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['home', 'start'],
  ['end', 'end'],
  ['backspace', 'erase-left'],
  ['delete', 'erase-right'],
]

/** Keys in, the line being typed out. */
export function useLineInput(handlers: LineInputHandlers): EditedLine {
  // Several keys can come before React draws again, so the line lives beside its state.
  const line = useRef(emptyLine)
  const [, redraw] = useReducer((count: number) => count + 1, 0)

  const become = (next: EditedLine) => {
    line.current = next
    redraw()
  }
  const submit = () => {
    const text = lineText(line.current)
    become(enterLine(line.current))
    handlers.submit(text)
  }
  const control = (letter: string) => {
    const edit = controlEdits[letter]
    if (edit) become(editLine(line.current, edit))
    else if (letter === 'c') handlers.leave()
    else if (letter === 'd' && lineText(line.current) === '') handlers.leave()
    else if (letter === 'd') become(editLine(line.current, 'erase-right'))
    else if (letter === 'p') become(recallLine(line.current, -1))
    else if (letter === 'n') become(recallLine(line.current, 1))
    else if (letter === 'j' || letter === 'm') submit()
  }
  /** Quick typing, or a terminal without bracketed paste: a piece of text may have control characters in it. */
  const type = (text: string) => {
    for (const part of text.split(/(\p{Cc})/u)) {
      if (part === '') continue
      const code = part.charCodeAt(0)
      if (part.length === 1 && code >= 1 && code <= 26 && part !== '\t') control(String.fromCharCode(code + 96))
      else become(insertText(line.current, part))
    }
  }

  useInput((input, key) => {
    const [, edit] = keyEdits.find(([name]) => key[name]) ?? []
    if (edit) become(editLine(line.current, edit))
    else if (key.return) submit()
    else if (key.upArrow) become(recallLine(line.current, -1))
    else if (key.downArrow) become(recallLine(line.current, 1))
    else if (key.pageUp) handlers.scroll(1)
    else if (key.pageDown) handlers.scroll(-1)
    else if (key.tab) become(completed(line.current))
    else if (key.ctrl) control(input)
    else if (!key.meta && !key.escape) type(input)
  })
  usePaste(text => become(insertText(line.current, text)))

  return line.current
}

function completed(line: EditedLine): EditedLine {
  const whole = line.after === '' ? completeCommand(line.before) : undefined
  return whole === undefined ? line : {...line, before: whole}
}
