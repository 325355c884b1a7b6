import {AdminCommand} from '../src/cli/admin-command.js'
import type {PluginStatus} from '../src/contract/plugins.js'
import {listPlugins} from '../src/ops/admin/plugins.js'
import {renderPlugins} from '../src/render/plugin-table.js'

export default class Plugin extends AdminCommand {
  static override summary = 'List the plugins of a running server, their health, and the time they take.'
  static override examples = ['<%= config.bin %> plugin', '<%= config.bin %> plugin --json']

  async run(): Promise<PluginStatus[]> {
    const {flags} = await this.parse(Plugin)
    const plugins = await listPlugins(await this.admin(flags))
    this.log(renderPlugins(plugins, this.terminal))
    return plugins
  }
}
