/** The one widget that is used, by its own path: the package's front loads all of them and what they need. */
declare module 'blessed-contrib/lib/widget/charts/line.js' {
  import type {Widgets} from 'blessed'

  namespace line {
    /** A colour of the terminal by name; `normal`: the terminal's own. */
    type Color = 'normal' | 'cyan' | 'green' | 'magenta' | 'yellow'

    interface Options extends Widgets.BoxOptions {
      readonly style: {readonly line: Color; readonly text: Color; readonly baseline: Color}
      /** Where labels begin, in dots. */
      readonly xPadding: number
      readonly xLabelPadding: number
      readonly numYLabels: number
      readonly showLegend: boolean
      /** `20k` in place of `20000`. */
      readonly abbreviate: boolean
      readonly minY: number
      readonly maxY?: number
    }

    interface Series {
      readonly title: string
      readonly x: readonly string[]
      readonly y: readonly number[]
      readonly style: {readonly line: Color}
    }

    interface Chart extends Widgets.BoxElement {
      readonly options: Options & {maxY?: number}
      canvasSize: {width: number; height: number}
      /** Called when the chart is put on a screen; in dots, of which a character has 2 by 4. */
      calcSize(): void
      /** Only for a chart that is on a screen. */
      setData(series: readonly Series[]): void
    }
  }

  function line(options: line.Options): line.Chart
  export = line
}
