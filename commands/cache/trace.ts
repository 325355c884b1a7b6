import {AdminCommand} from '../../src/cli/admin-command.js'
import type {TraceStatus} from '../../src/contract/cache.js'
import {showTrace} from '../../src/ops/admin/cache.js'

export default class CacheTrace extends AdminCommand {
  static override summary = 'Show whether reads of the cache are being recorded.'
  static override examples = ['<%= config.bin %> cache trace']

  async run(): Promise<TraceStatus> {
    const {flags} = await this.parse(CacheTrace)
    const status = await showTrace(await this.admin(flags))
    const {isRunning, reads, maxReads, dropped} = status
    this.log(isRunning ? `recording: ${reads} of ${maxReads} reads, ${dropped} older ones dropped` : 'not recording')
    return status
  }
}
