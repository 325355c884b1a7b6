import {Flags} from '@oclif/core'

import {AdminCommand} from '../../src/cli/admin-command.js'
import type {SlowMessage} from '../../src/contract/metrics.js'
import {listSlow} from '../../src/ops/admin/metrics.js'
import {renderSlow} from '../../src/render/slow-messages.js'

const MAX_MESSAGES = 300

export default class MetricsSlow extends AdminCommand {
  static override summary = 'List the slowest messages of the last 15 minutes, with the time in each plugin.'
  static override examples = [
    '<%= config.bin %> metrics slow',
    '<%= config.bin %> metrics slow --sort time --limit 5 --json',
  ]
  static override flags = {
    sort: Flags.option({
      description: 'Slowest, or newest, on top.',
      options: ['duration', 'time'] as const,
      default: 'duration' as const,
    })(),
    limit: Flags.integer({
      description: 'Most messages to show.',
      default: 20,
      min: 1,
      max: MAX_MESSAGES,
      helpValue: 'N',
    }),
  }

  async run(): Promise<readonly SlowMessage[]> {
    const {flags} = await this.parse(MetricsSlow)
    const messages = await listSlow(await this.admin(flags), flags)
    this.log(renderSlow(messages, {terminal: this.terminal, nowMs: Date.now()}))
    return messages
  }
}
