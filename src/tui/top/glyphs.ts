/** The characters that pictures are made of. */
export interface Glyphs {
  readonly rule: string
  readonly wall: string
  readonly full: string
  readonly empty: string
  /** From nothing to all of a cell. */
  readonly levels: readonly string[]
  readonly down: string
  readonly up: string
  readonly dot: string
  readonly pointer: string
}

const unicode: Glyphs = {
  rule: '─',
  wall: '│',
  full: '█',
  empty: '░',
  levels: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  down: '▼',
  up: '▲',
  dot: '·',
  pointer: '▸',
}

const ascii: Glyphs = {
  rule: '-',
  wall: '|',
  full: '#',
  empty: '.',
  levels: [' ', '.', ':', '|'],
  down: 'v',
  up: '^',
  dot: '-',
  pointer: '>',
}

export function glyphsFor(isUtf8: boolean): Glyphs {
  return isUtf8 ? unicode : ascii
}
