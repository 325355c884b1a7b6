import {Args} from '@oclif/core'
import {AdminCommand} from '../../../src/cli/admin-command.js'
import {type SavedTrace, stopTrace} from '../../../src/ops/admin/cache.js'
import {visibleText} from '../../../src/util/visible-text.js'

export default class CacheTraceStop extends AdminCommand {
  static override summary = 'End the recording of reads, and write it into a file for gs cache simulate.'
  static override examples = ['<%= config.bin %> cache trace stop evening.trace']
  static override args = {
    file: Args.string({description: 'A new file for the trace.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<SavedTrace> {
    const {args, flags} = await this.parse(CacheTraceStop)
    const saved = await stopTrace(await this.admin(flags), args.file)
    const dropped = saved.dropped > 0 ? `, without ${saved.dropped} older ones` : ''
    this.log(`wrote ${saved.reads} reads into ${visibleText(saved.file)}${dropped}`)
    return saved
  }
}
