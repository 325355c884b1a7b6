import {Args, Flags} from '@oclif/core'

import {AdminCommand} from '../../src/cli/admin-command.js'
import type {PluginStatus} from '../../src/contract/plugins.js'
import {disablePlugin} from '../../src/ops/admin/plugins.js'

export default class PluginDisable extends AdminCommand {
  static override summary = 'Disable a plugin in a running server.'
  static override examples = ['<%= config.bin %> plugin disable my-plugin']
  static override args = {
    plugin: Args.string({description: 'Name of the plugin.', required: true, ignoreStdin: true}),
  }
  static override flags = {
    yes: Flags.boolean({description: 'Confirm, where disabling opens a door (security).', default: false}),
  }

  async run(): Promise<PluginStatus> {
    const {args, flags} = await this.parse(PluginDisable)
    const status = await disablePlugin(await this.admin(flags), args.plugin, flags.yes)
    this.log(`disabled ${status.name}`)
    return status
  }
}
