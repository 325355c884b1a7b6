import type {Widgets} from 'blessed'
import line from 'blessed-contrib/lib/widget/charts/line.js'
import type {LineChartPlace} from '../top/panels/charts-panel.js'

/** Dots of a character. */
const DOTS_WIDE = 2
const DOTS_HIGH = 4
/** A scale needs so many rows for a label. */
const ROWS_PER_LABEL = 3
/** Room for labels such as `20.1k` and `0.25`. */
const LABEL_DOTS = 10

/** Charts of lines of dots, laid over the places that a frame leaves for them. */
export class LineCharts {
  readonly #screen: Widgets.Screen
  readonly #isColored: boolean
  #shown: {readonly key: string; readonly chart: line.Chart}[] = []

  constructor(screen: Widgets.Screen, {isColored}: {isColored: boolean}) {
    this.#screen = screen
    this.#isColored = isColored
  }

  /** Takes away charts that are shown no more. One that moved is made anew: a chart keeps the size it was born with. */
  show(places: readonly LineChartPlace[]): void {
    const keys = places.map(({left, top, columns, rows}) => [left, top, columns, rows].join())
    for (const {key, chart} of this.#shown) if (!keys.includes(key)) chart.destroy()
    this.#shown = places.map((place, index) => {
      const key = keys[index] as string
      return this.#shown.find(shown => shown.key === key) ?? {key, chart: this.#create(place)}
    })
    places.forEach((place, index) => {
      const chart = (this.#shown[index] as {chart: line.Chart}).chart
      this.#fill(chart, place)
    })
  }

  #create({left, top, columns, rows}: LineChartPlace): line.Chart {
    const text = 'normal'
    const chart = line({
      left,
      top,
      width: columns,
      height: rows,
      // What follows the last column is only the end of a colour.
      wrap: false,
      style: {line: this.#color('cyan'), text, baseline: text},
      xPadding: LABEL_DOTS,
      xLabelPadding: LABEL_DOTS,
      numYLabels: Math.max(2, Math.floor(rows / ROWS_PER_LABEL)),
      showLegend: false,
      abbreviate: true,
      minY: 0,
    })
    // The widget leaves room for a border, which it has not.
    chart.calcSize = () => {
      chart.canvasSize = {width: columns * DOTS_WIDE, height: rows * DOTS_HIGH}
    }
    this.#screen.append(chart)
    return chart
  }

  #fill(chart: line.Chart, {labels, curves}: LineChartPlace): void {
    const highest = Math.max(...curves.flatMap(({values}) => values))
    // A scale of nothing has no labels and no end.
    chart.options.maxY = highest > 0 ? highest * 1.1 : 1
    chart.setData(
      curves.map(({isLower, values}) => ({
        title: '',
        x: labels,
        y: values,
        style: {line: this.#color(isLower ? 'green' : 'cyan')},
      })),
    )
  }

  #color(color: line.Color): line.Color {
    return this.#isColored ? color : 'normal'
  }
}
