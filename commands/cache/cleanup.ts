import {AdminCommand} from '../../src/cli/admin-command.js'
import {cleanUpCache, type Removed} from '../../src/ops/admin/cache.js'
import {countOf} from '../../src/render/numbers.js'

export default class CacheCleanup extends AdminCommand {
  static override summary = 'Remove what has expired, now rather than with the next sweep.'
  static override examples = ['<%= config.bin %> cache cleanup']

  async run(): Promise<Removed> {
    const {flags} = await this.parse(CacheCleanup)
    const result = await cleanUpCache(await this.admin(flags))
    this.log(`removed ${countOf(result.removed, 'expired entry', 'expired entries')}`)
    return result
  }
}
