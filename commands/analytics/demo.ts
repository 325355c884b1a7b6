import {Flags} from '@oclif/core'
import {BaseCommand} from '../../src/cli/base-command.js'
import {StatusLine} from '../../src/cli/status-line.js'
import {stopSignal} from '../../src/cli/stop-signal.js'
import {type DemoResult, fillDemo} from '../../src/ops/analytics/demo/fill-demo.js'
import {renderDemo, renderDemoProgress} from '../../src/render/analytics/demo.js'

const MAX_USERS = 200_000
const MAX_DAYS = 400
const MAX_SEED = 4_294_967_295

export default class AnalyticsDemo extends BaseCommand {
  static override summary = 'Fill a data directory with what a made-up population did, to try things on.'
  static override examples = [
    '<%= config.bin %> analytics demo --users 5000 --days 45',
    '<%= config.bin %> analytics demo --users 200 --days 7 --data-dir ./demo --seed 2',
  ]
  static override flags = {
    users: Flags.integer({description: 'How many people come.', default: 5000, min: 1, max: MAX_USERS, helpValue: 'N'}),
    days: Flags.integer({description: 'Days, up to now.', default: 45, min: 1, max: MAX_DAYS, helpValue: 'N'}),
    seed: Flags.integer({
      description: 'Another seed, another population.',
      default: 1,
      min: 0,
      max: MAX_SEED,
      helpValue: 'N',
    }),
    'data-dir': Flags.string({
      description: 'A new or empty directory. Left out: a new one among temporary files.',
      helpValue: 'PATH',
    }),
  }

  async run(): Promise<DemoResult> {
    const {flags} = await this.parse(AnalyticsDemo)
    const {users, days, seed, 'data-dir': directory = null} = flags
    const line = new StatusLine(process.env)
    const stop = stopSignal()
    try {
      const result = await fillDemo({
        ...{directory, users, days, seed, signal: stop.signal},
        endMs: Date.now(),
        onProgress: line.paced(renderDemoProgress),
      })
      line.clear()
      this.log(renderDemo(result))
      return result
    } finally {
      line.clear()
      stop.dispose()
    }
  }
}
