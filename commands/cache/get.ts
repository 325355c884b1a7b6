import {Args} from '@oclif/core'
import {AdminCommand} from '../../src/cli/admin-command.js'
import type {JsonValue} from '../../src/contract/messages.js'
import {getValue} from '../../src/ops/admin/cache.js'
import {visibleJson} from '../../src/util/visible-text.js'

export default class CacheGet extends AdminCommand {
  static override summary = 'Print the value of a key, as JSON. It counts as no read.'
  static override examples = ['<%= config.bin %> cache get game_state:7']
  static override args = {key: Args.string({description: 'Key of the entry.', required: true, ignoreStdin: true})}

  async run(): Promise<JsonValue> {
    const {args, flags} = await this.parse(CacheGet)
    const value = await getValue(await this.admin(flags), args.key)
    this.log(visibleJson(JSON.stringify(value, null, 2)))
    return value
  }
}
