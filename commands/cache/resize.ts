import {Flags} from '@oclif/core'
import {AdminCommand} from '../../src/cli/admin-command.js'
import type {CacheStats} from '../../src/contract/cache.js'
import {GsError} from '../../src/errors.js'
import {resizeCache} from '../../src/ops/admin/cache.js'
import {renderCacheStats} from '../../src/render/cache/cache-stats.js'
import {parseSize} from '../../src/units.js'

export default class CacheResize extends AdminCommand {
  static override summary = 'Change the sizes of the cache while it runs.'
  static override description =
    'They last until the server stops. Entries that are too many leave as they would anyway, the least recently used first.'
  static override examples = [
    '<%= config.bin %> cache resize --l1 2000 --l2 64mb',
    '<%= config.bin %> cache resize --l2 20000',
  ]
  static override flags = {
    l1: Flags.integer({description: 'Most entries of L1.', helpValue: 'ENTRIES'}),
    l2: Flags.string({
      description: 'Most entries of L2, or with a unit most bytes: 20000 64mb. May be given twice.',
      helpValue: 'SIZE',
      multiple: true,
      multipleNonGreedy: true,
    }),
  }

  async run(): Promise<CacheStats> {
    const {flags} = await this.parse(CacheResize)
    const sizes = {
      ...(flags.l1 !== undefined && {l1Entries: flags.l1}),
      ...Object.assign({}, ...(flags.l2 ?? []).map(toL2)),
    }
    if (Object.keys(sizes).length === 0) throw new GsError('usage', 'give --l1, --l2 or both')
    const stats = await resizeCache(await this.admin(flags), sizes)
    this.log(renderCacheStats(stats, this.terminal))
    return stats
  }
}

function toL2(text: string): {l2Entries: number} | {l2Bytes: number} {
  return /^\d+$/.test(text) ? {l2Entries: Number(text)} : {l2Bytes: parseSize(text)}
}
