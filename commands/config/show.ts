import {Args} from '@oclif/core'
import {BaseCommand} from '../../src/cli/base-command.js'
import {configFlag} from '../../src/cli/flags.js'
import {type ShownConfig, showConfig} from '../../src/ops/show-config.js'
import {renderConfigTable} from '../../src/render/config-table.js'

export default class ConfigShow extends BaseCommand {
  static override summary = 'Show every configuration key, its value, and where that comes from.'
  static override description =
    'Flags of other commands are not known here; the environment, the file and the defaults are. Secrets are only said to be set.'
  static override examples = ['<%= config.bin %> config show', '<%= config.bin %> config show server.port --json']
  static override args = {
    key: Args.string({description: 'Only this key, or the keys of this group.', ignoreStdin: true}),
  }
  static override flags = {config: configFlag}

  async run(): Promise<ShownConfig> {
    const {args, flags} = await this.parse(ConfigShow)
    const shown = await showConfig({cwd: process.cwd(), file: flags.config, env: process.env, key: args.key})
    this.log(renderConfigTable(shown.keys, this.terminal))
    return shown
  }
}
