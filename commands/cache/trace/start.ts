import {Flags} from '@oclif/core'
import {AdminCommand} from '../../../src/cli/admin-command.js'
import type {TraceStatus} from '../../../src/contract/cache.js'
import {startTrace} from '../../../src/ops/admin/cache.js'

export default class CacheTraceStart extends AdminCommand {
  static override summary = 'Begin to record which keys of the cache are read, to try other sizes on.'
  static override description =
    'Only a hash of each key is kept, four bytes, and the latest reads. Recording anew drops what was recorded before.'
  static override examples = [
    '<%= config.bin %> cache trace start',
    '<%= config.bin %> cache trace start --reads 100000',
  ]
  static override flags = {
    reads: Flags.integer({
      description: 'How many reads to keep.',
      default: 1_000_000,
      min: 1,
      max: 10_000_000,
      helpValue: 'N',
    }),
  }

  async run(): Promise<TraceStatus> {
    const {flags} = await this.parse(CacheTraceStart)
    const status = await startTrace(await this.admin(flags), flags.reads)
    this.log(`recording the latest ${status.maxReads} reads; gs cache trace stop FILE ends it`)
    return status
  }
}
