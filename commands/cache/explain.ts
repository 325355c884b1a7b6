import {Args} from '@oclif/core'
import {AdminCommand} from '../../src/cli/admin-command.js'
import type {CacheExplanation} from '../../src/contract/cache.js'
import {explainKey} from '../../src/ops/admin/cache.js'
import {renderDetails} from '../../src/render/details.js'

export default class CacheExplain extends AdminCommand {
  static override summary = 'Show all about an entry but its value, and why it is where it is.'
  static override examples = ['<%= config.bin %> cache explain profile:42']
  static override args = {key: Args.string({description: 'Key of the entry.', required: true, ignoreStdin: true})}

  async run(): Promise<CacheExplanation> {
    const {args, flags} = await this.parse(CacheExplain)
    const explanation = await explainKey(await this.admin(flags), args.key)
    this.log(renderDetails({...explanation, ttlMs: explanation.ttlMs ?? 'without end'}, Date.now()))
    return explanation
  }
}
