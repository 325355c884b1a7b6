import {Args} from '@oclif/core'

import {AdminCommand} from '../../src/cli/admin-command.js'
import type {PluginStatus} from '../../src/contract/plugins.js'
import {enablePlugin} from '../../src/ops/admin/plugins.js'

export default class PluginEnable extends AdminCommand {
  static override summary = 'Enable a plugin in a running server, until that stops.'
  static override examples = ['<%= config.bin %> plugin enable ./my-plugin.js']
  static override args = {
    plugin: Args.string({description: 'Name, path or package of the plugin.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<PluginStatus> {
    const {args, flags} = await this.parse(PluginEnable)
    const status = await enablePlugin(await this.admin(flags), args.plugin, process.cwd())
    this.log(`enabled ${status.name}`)
    return status
  }
}
