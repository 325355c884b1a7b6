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
const EDGE = {left: 70, right: 110, top: 50, bottom: 60} as const
/** Told apart by people who see few colours, too; by day and by night. */
const COLOURS = [
  ['#0072b2', '#56b4e9'],
  ['#c04a00', '#f0894a'],
  ['#00795a', '#3fc79a'],
  ['#a8477f', '#dd93bd'],
] as const
/** What grows less than that over the whole picture needs more marks in a power of ten. */
const WIDE_RATIO = 12
const MARKS = {wide: [1, 2, 5], narrow: [1, 1.5, 2, 3, 4, 5, 7]} as const
/** Names of lines stay that far apart, in pixels. */
const NAME_HEIGHT = 15

/** An SVG picture of lines over axes in powers of ten, so that a straight line is a power. It follows day and night. */
export function lineChart(lines: readonly Line[], {title, xTitle, yTitle}: ChartWords): string {
  const points = lines.flatMap(line => line.points)
  const steps = [...new Set(points.map(({x}) => x))]
  const marks = marksAround(Math.min(...points.map(({y}) => y.min)), Math.max(...points.map(({y}) => y.max)))
  const toX = scale(Math.min(...steps), Math.max(...steps), [EDGE.left, WIDTH - EDGE.right])
  const toY = scale(marks[0] as number, marks.at(-1) as number, [HEIGHT - EDGE.bottom, EDGE.top])
  const at = (x: number, y: number) => `${toX(x).toFixed(1)},${toY(y).toFixed(1)}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${style()}</style>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" class="paper"/>`,
    text([EDGE.left, 24], title, 'font-size="15" font-weight="bold"'),
    ...marks.map(
      y =>
        `<path d="M${EDGE.left} ${toY(y).toFixed(1)}H${WIDTH - EDGE.right}" class="grid"/>` +
        text([EDGE.left - 8, toY(y) + 4], String(y), 'text-anchor="end"'),
    ),
    ...steps.map(x => text([toX(x), HEIGHT - EDGE.bottom + 18], String(x), 'text-anchor="middle"')),
    text([(EDGE.left + WIDTH - EDGE.right) / 2, HEIGHT - 16], xTitle, 'text-anchor="middle"'),
    text([0, 0], yTitle, `text-anchor="middle" transform="translate(18 ${(HEIGHT - 10) / 2}) rotate(-90)"`),
    ...lines.map(({points: own}, index) => drawLine(own, at, `c${index % COLOURS.length}`)),
    ...names(lines, toY),
    '</svg>',
    '',
  ].join('\n')
}

type Position = readonly [x: number, y: number]

function drawLine(points: Line['points'], at: (x: number, y: number) => string, name: string): string {
  const band = [...points.map(({x, y}) => at(x, y.max)), ...points.toReversed().map(({x, y}) => at(x, y.min))]
  return [
    `<g class="${name}">`,
    `<polygon points="${band.join(' ')}" class="band"/>`,
    `<polyline points="${points.map(({x, y}) => at(x, y.median)).join(' ')}" class="line"/>`,
    ...points.map(({x, y}) => {
      const [centreX, centreY] = at(x, y.median).split(',')
      return `<circle cx="${centreX}" cy="${centreY}" r="3"/>`
    }),
    '</g>',
  ].join('\n')
}

/** Beside the ends of their lines, none over another. */
function names(lines: readonly Line[], toY: (y: number) => number): string[] {
  const ends = lines
    .flatMap(({name, points}, index) => {
      const last = points.at(-1)
      return last === undefined ? [] : [{name, index, y: toY(last.y.median) + 4}]
    })
    .sort((one, other) => one.y - other.y)
  let free = 0
  return ends.map(({name, index, y}) => {
    const place = Math.max(y, free)
    free = place + NAME_HEIGHT
    return text([WIDTH - EDGE.right + 10, place], name, `class="c${index % COLOURS.length}"`)
  })
}

function style(): string {
  const coloured = (at: 0 | 1) =>
    COLOURS.map((pair, index) => `.c${index}{fill:${pair[at]};stroke:${pair[at]}}`).join('')
  return [
    `text{fill:#222}text[class]{stroke:none}.paper{fill:#fff}.grid{stroke:#ddd}${coloured(0)}`,
    '.band{opacity:.18;stroke:none}.line{fill:none;stroke-width:2}',
    `@media(prefers-color-scheme:dark){text{fill:#ddd}.paper{fill:#0d1117}.grid{stroke:#333}${coloured(1)}}`,
  ].join('')
}

function scale(from: number, to: number, [start, end]: readonly [number, number]): (value: number) => number {
  const span = Math.max(Math.log10(to) - Math.log10(from), 0.001)
  return value => start + ((Math.log10(value) - Math.log10(from)) / span) * (end - start)
}

/** Round numbers from the last below the least to the first above the most. */
function marksAround(least: number, most: number): number[] {
  const inPower = most / least > WIDE_RATIO ? MARKS.wide : MARKS.narrow
  const first = Math.floor(Math.log10(least))
  const powers = Array.from({length: Math.floor(Math.log10(most)) - first + 2}, (_, index) => first + index)
  const all = powers.flatMap(power => inPower.map(digit => Number((digit * 10 ** power).toPrecision(2))))
  const below = all.findLastIndex(mark => mark <= least)
  return all.slice(below, all.findIndex(mark => mark >= most) + 1)
}

function text([x, y]: Position, words: string, attributes = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escapeXml(words)}</text>`
}

function escapeXml(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
