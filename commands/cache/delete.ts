import {Args, Flags} from '@oclif/core'
import {AdminCommand} from '../../src/cli/admin-command.js'
import {GsError} from '../../src/errors.js'
import {deleteEntries, type Removed} from '../../src/ops/admin/cache.js'
import {countOf} from '../../src/render/numbers.js'

export default class CacheDelete extends AdminCommand {
  static override summary = 'Delete an entry, or all whose keys begin with a prefix.'
  static override description =
    'Exit status 3 when there is no such key; a prefix may match nothing. Deleting the entry of a game that waits for its players forgets the game.'
  static override examples = [
    '<%= config.bin %> cache delete profile:42',
    '<%= config.bin %> cache delete --prefix profile:',
  ]
  static override args = {key: Args.string({description: 'Key of the entry.', ignoreStdin: true})}
  static override flags = {
    prefix: Flags.string({description: 'All whose keys begin with this.', helpValue: 'TEXT'}),
  }

  async run(): Promise<Removed> {
    const {args, flags} = await this.parse(CacheDelete)
    const {key} = args
    const {prefix} = flags
    if ((key === undefined) === (prefix === undefined)) throw new GsError('usage', 'give either a key or --prefix')
    const which = key === undefined ? {prefix: prefix as string} : {key}
    const result = await deleteEntries(await this.admin(flags), which)
    this.log(`deleted ${countOf(result.removed, 'entry', 'entries')}`)
    return result
  }
}
