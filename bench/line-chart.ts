import type {Spread} from './statistics.ts'

/** A line with a band around it: at each `x` the median and how far the rounds lie apart. */
export interface Line {
  readonly name: string
  readonly points: readonly {readonly x: number; readonly y: Spread}[]
}

export interface ChartWords {
  readonly title: string
  readonly xTitle: string
  readonly yTitle: string
}

const WIDTH = 720
const HEIGHT = 420
const EDGE = {left: 70, right: 20, top: 50, bottom: 60} as const
/** Told apart by people who see few colours, too. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'] as const
const TICKS = 5

/** An SVG picture of lines over an axis in powers of ten; the other axis begins at 0. */
export function lineChart(lines: readonly Line[], {title, xTitle, yTitle}: ChartWords): string {
  const points = lines.flatMap(line => line.points)
  const xs = points.map(({x}) => Math.log10(x))
  const [left, right] = [Math.min(...xs), Math.max(...xs)]
  const top = niceAbove(Math.max(...points.map(({y}) => y.max)))
  const toX = (x: number) =>
    EDGE.left + ((Math.log10(x) - left) / Math.max(right - left, 0.001)) * (WIDTH - EDGE.left - EDGE.right)
  const toY = (y: number) => HEIGHT - EDGE.bottom - (y / top) * (HEIGHT - EDGE.top - EDGE.bottom)
  const at = (x: number, y: number) => `${toX(x).toFixed(1)},${toY(y).toFixed(1)}`
  const text = (x: number, y: number, words: string, more = '') =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escapeXml(words)}</text>`

  const gridY = Array.from({length: TICKS + 1}, (_, index) => (top * index) / TICKS)
  const gridX = [...new Set(points.map(({x}) => x))]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text(EDGE.left, 24, title, 'font-size="15" font-weight="bold"'),
    ...gridY.map(
      y =>
        `<path d="M${EDGE.left} ${toY(y).toFixed(1)}H${WIDTH - EDGE.right}" stroke="#ddd"/>` +
        text(EDGE.left - 8, toY(y) + 4, String(Number(y.toPrecision(3))), 'text-anchor="end"'),
    ),
    ...gridX.map(x => text(toX(x), HEIGHT - EDGE.bottom + 18, String(x), 'text-anchor="middle"')),
    text((EDGE.left + WIDTH - EDGE.right) / 2, HEIGHT - 16, xTitle, 'text-anchor="middle"'),
    text(0, 0, yTitle, `text-anchor="middle" transform="translate(18 ${(HEIGHT - 10) / 2}) rotate(-90)"`),
    ...lines.flatMap(({name, points: own}, index) => {
      const colour = COLOURS[index % COLOURS.length] as string
      const band = [...own.map(({x, y}) => at(x, y.max)), ...own.toReversed().map(({x, y}) => at(x, y.min))]
      return [
        `<polygon points="${band.join(' ')}" fill="${colour}" opacity="0.18"/>`,
        `<polyline points="${own.map(({x, y}) => at(x, y.median)).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...own.map(
          ({x, y}) => `<circle cx="${toX(x).toFixed(1)}" cy="${toY(y.median).toFixed(1)}" r="3" fill="${colour}"/>`,
        ),
        text(EDGE.left + 10 + index * 150, EDGE.top - 8, name, `fill="${colour}"`),
      ]
    }),
    '</svg>',
    '',
  ].join('\n')
}

/** The next of 1, 2, 5 times a power of ten, so that the axis has round numbers. */
function niceAbove(value: number): number {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find(step => step * power >= value) as number) * power
}

function escapeXml(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
