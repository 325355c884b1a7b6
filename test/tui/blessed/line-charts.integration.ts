import {describe, expect, test} from 'vitest'
import {bundleProgram} from '../../helpers/run-program.js'
import {TmuxTerminals, whyNoTmux} from '../../helpers/tmux-terminal.js'

const noTmux = whyNoTmux()

/** Two charts that fill the screen, with curves up to their last column. */
const program = `
  import {showTopScreen} from './src/tui/blessed/show-top-screen.ts'
  const labels = Array.from({length: 30}, (_, index) => '-' + (30 - index) + 's')
  const curve = (isLower, value) => ({isLower, values: labels.map((_, index) => value + (index % 3))})
  const chart = left => ({left, top: 1, columns: 40, rows: 11, labels, curves: [curve(false, 152.5), curve(true, 20)]})
  const blank = Array.from({length: 12}, (_, row) => [{text: row === 0 ? 'charts' : '', tone: 'plain'}])
  process.exitCode = await showTopScreen(
    {
      finished: new Promise(() => {}),
      start() {}, close() {}, resize() {}, press() {},
      frame: () => ({lines: blank, lineCharts: [chart(0), chart(40)]}),
    },
    {isColored: process.argv[2] === 'colored', isUtf8: true},
  )
`

describe.skipIf(noTmux)(`line charts${noTmux ? ` (skipped: ${noTmux})` : ''}`, () => {
  test.each(['colored', 'plain'])('stand side by side with straight axes (%s)', async look => {
    const path = await bundleProgram('top-line-charts', program)
    const terminal = await new TmuxTerminals().open({name: 'top', columns: 80, rows: 12})
    await terminal.enter(`${process.execPath} ${path} ${look}`)
    await terminal.shows('charts')
    const screen = await terminal.shows('-30s')
    const axes = screen.split('\n').flatMap(line => (line.includes('⡇') ? [axisColumns(line)] : []))
    expect(axes.length).toBeGreaterThanOrEqual(7)
    for (const columns of axes) expect(columns).toEqual([5, 45])
    expect(screen).toMatch(/\n *\d+ +⡇[^\n]*\d+ +⡇/)
  })
})

/** Where the axis of the left chart stands, and that of the right one. */
function axisColumns(line: string): number[] {
  return [line.indexOf('⡇'), line.indexOf('⡇', 40)]
}
