import {Flags} from '@oclif/core'
import {BaseCommand} from '../../src/cli/base-command.js'
import {initConfig} from '../../src/ops/init-config.js'
import {visibleText} from '../../src/util/visible-text.js'

export default class ConfigInit extends BaseCommand {
  static override summary = 'Write a gs.config.yaml with every key explained and commented out.'
  static override examples = ['<%= config.bin %> config init']
  static override flags = {
    force: Flags.boolean({description: 'Overwrite the file that is there.', env: 'GS_CONFIG_INIT_FORCE'}),
  }

  async run(): Promise<{file: string}> {
    const {flags} = await this.parse(ConfigInit)
    const written = await initConfig({cwd: process.cwd(), isForced: flags.force})
    this.log(`wrote ${visibleText(written.file)}`)
    return written
  }
}
