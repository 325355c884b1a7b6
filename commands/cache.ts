import {Flags} from '@oclif/core'
import {AdminCommand} from '../src/cli/admin-command.js'
import {durationFlag} from '../src/cli/flags.js'
import type {CacheStats} from '../src/contract/cache.js'
import {showCache} from '../src/ops/admin/cache.js'
import {renderCacheStats} from '../src/render/cache/cache-stats.js'
import {isUtf8Locale} from '../src/tui/model/terminal-look.js'

export default class Cache extends AdminCommand {
  static override summary = 'Show the cache: how full it is, what it finds, and why entries left.'
  static override examples = [
    '<%= config.bin %> cache',
    '<%= config.bin %> cache --watch',
    '<%= config.bin %> cache --json',
  ]
  static override flags = {
    watch: Flags.boolean({char: 'w', description: 'Stay, and show it anew.', default: false}),
    interval: durationFlag({
      description: 'How often with --watch: 500ms 1s.',
      minMs: 100,
      maxMs: 3_600_000,
      default: 1000,
      defaultHelp: async () => '1s',
    }),
  }

  async run(): Promise<CacheStats | undefined> {
    const {flags} = await this.parse(Cache)
    if (flags.watch) this.checkScreen('--watch', 'Leave it out; gs cache --json is for scripts.')
    const admin = await this.admin(flags)
    const poll = () => showCache(admin)
    if (flags.watch) {
      const {showCacheScreen} = await import('../src/tui/ink/cache/show-cache-screen.js')
      const look = {isColored: this.terminal.hasColor, isUtf8: isUtf8Locale(process.env, process.platform)}
      process.exitCode = await showCacheScreen({poll, intervalMs: flags.interval, look})
      return undefined
    }
    const stats = await poll()
    this.log(renderCacheStats(stats, this.terminal))
    return stats
  }
}
