import {Flags} from '@oclif/core'
import {AdminCommand} from '../../src/cli/admin-command.js'
import {GsError} from '../../src/errors.js'
import {clearCache, type Removed} from '../../src/ops/admin/cache.js'
import {countOf} from '../../src/render/numbers.js'

export default class CacheClear extends AdminCommand {
  static override summary = 'Delete all entries. Games that are in the data store stay there.'
  static override examples = ['<%= config.bin %> cache clear --yes']
  static override flags = {
    yes: Flags.boolean({char: 'y', description: 'Confirm that all of them go.', default: false}),
  }

  async run(): Promise<Removed> {
    const {flags} = await this.parse(CacheClear)
    if (!flags.yes) {
      throw new GsError('usage', 'clearing the cache deletes every entry', {hint: 'Confirm it with --yes.'})
    }
    const result = await clearCache(await this.admin(flags))
    this.log(`deleted ${countOf(result.removed, 'entry', 'entries')}`)
    return result
  }
}
