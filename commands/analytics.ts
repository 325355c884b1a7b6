import {Flags} from '@oclif/core'
import {AnalyticsCommand} from '../src/cli/analytics-command.js'
import type {RealtimeStats} from '../src/contract/analytics.js'
import {showRealtime} from '../src/ops/admin/analytics.js'
import {renderRealtime} from '../src/render/analytics/realtime.js'

export default class Analytics extends AnalyticsCommand {
  static override summary = 'Show what happens now: events, what becomes of them, and the busiest rooms.'
  static override examples = [
    '<%= config.bin %> analytics',
    '<%= config.bin %> analytics --watch',
    '<%= config.bin %> analytics --json',
  ]
  static override flags = {
    watch: Flags.boolean({char: 'w', description: 'Stay, and show it anew each second.', default: false}),
  }

  async run(): Promise<RealtimeStats | undefined> {
    const {flags} = await this.parse(Analytics)
    if (flags.watch) this.checkScreen('--watch', 'Leave it out, or follow "gs analytics events".')
    const admin = await this.admin(flags)
    if (flags.watch) {
      const {showAnalyticsScreen} = await import('../src/tui/ink/analytics/show-analytics-screen.js')
      process.exitCode = await showAnalyticsScreen({
        admin,
        look: {isColored: this.look.hasColor, isUtf8: this.look.isUtf8},
      })
      return undefined
    }
    const stats = await showRealtime(admin)
    this.log(renderRealtime(stats, this.look))
    return stats
  }
}
