import {BaseCommand} from '../../src/cli/base-command.js'
import {configFlag} from '../../src/cli/flags.js'
import {checkConfigFile} from '../../src/ops/check-config.js'
import {visibleText} from '../../src/util/visible-text.js'

export default class ConfigCheck extends BaseCommand {
  static override summary = 'Test the configuration without starting anything.'
  static override description =
    'Exit status 0 when a server could start with it, 2 with all problems otherwise. Files of plugins and games must be there; they are not loaded, which gs serve --check does.'
  static override examples = [
    '<%= config.bin %> config check',
    '<%= config.bin %> config check --config ./staging.yaml',
  ]
  static override flags = {config: configFlag}

  async run(): Promise<{file: string | null}> {
    const {flags} = await this.parse(ConfigCheck)
    const checked = await checkConfigFile({cwd: process.cwd(), file: flags.config, env: process.env})
    this.log(`ok: ${checked.file === null ? 'no configuration file, all defaults' : visibleText(checked.file)}`)
    return checked
  }
}
