import {Flags} from '@oclif/core'
import {AdminCommand} from '../../src/cli/admin-command.js'
import {listFlags} from '../../src/cli/list-flags.js'
import type {CacheEntry} from '../../src/contract/cache.js'
import {listKeys} from '../../src/ops/admin/cache.js'
import {renderListing} from '../../src/render/listing.js'

export default class CacheKeys extends AdminCommand {
  static override summary = 'List the entries of the cache, most recently used first.'
  static override examples = [
    '<%= config.bin %> cache keys',
    '<%= config.bin %> cache keys --prefix profile: --sort hits --limit 10',
    '<%= config.bin %> cache keys --tier l2 --sort size --json',
  ]
  static override flags = {
    prefix: Flags.string({description: 'Only keys that begin with this.', helpValue: 'TEXT'}),
    tier: Flags.option({description: 'Only entries of this tier.', options: ['l1', 'l2'] as const})(),
    ...listFlags('cache'),
  }

  async run(): Promise<readonly CacheEntry[]> {
    const {flags} = await this.parse(CacheKeys)
    const listing = await listKeys(await this.admin(flags), flags)
    this.log(renderListing('cache', listing, {terminal: this.terminal, nowMs: Date.now()}))
    return listing.items
  }
}
