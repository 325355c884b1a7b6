import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {projectRoot} from '../architecture/sources.js'

export interface Block {
  /** What stands behind the opening fence, as in `json client`. */
  readonly kind: string
  readonly text: string
}

/** A page, by its path from the project's root. */
export function readPage(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8')
}

/** The text below a heading, up to the next heading of its rank or a higher one. */
export function section(page: string, heading: string): string {
  const rank = /^#+/.exec(heading)?.[0].length ?? 0
  const start = page.indexOf(`\n${heading}\n`)
  if (start === -1) throw new Error(`there is no heading ${heading}`)
  const rest = page.slice(start + heading.length + 2)
  const end = rest.search(new RegExp(`^#{1,${rank}} `, 'm'))
  return end === -1 ? rest : rest.slice(0, end)
}

/** The rows of the tables in a text, each as its cells; without the two lines of a table's head. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n').filter(line => line.startsWith('|'))
  const heads = new Set(lines.flatMap((line, at) => (/^\|[-|]+\|$/.test(line) ? [at - 1, at] : [])))
  return lines
    .filter((_line, at) => !heads.has(at))
    .map(line => {
      const cells = line.split(/(?<!\\)\|/).slice(1, -1)
      return cells.map(cell => cell.trim())
    })
}

/** What stands in the first backquotes of a cell or heading. */
export function quoted(text: string | undefined): string {
  return /`([^`]+)`/.exec(text ?? '')?.[1] ?? ''
}

/** The fenced blocks of a page. */
export function codeBlocks(page: string): Block[] {
  return [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({kind, text}))
}
