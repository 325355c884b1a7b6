import {Flags} from '@oclif/core'

import {AdminCommand} from '../src/cli/admin-command.js'
import {readLogs} from '../src/ops/admin/streams.js'
import {renderLogEvent} from '../src/render/event-lines.js'

const MAX_LINES = 1000

export default class Logs extends AdminCommand {
  static override summary = 'Show the log of a running server.'
  static override examples = ['<%= config.bin %> logs', '<%= config.bin %> logs --follow --level warn --json']
  static override flags = {
    follow: Flags.boolean({char: 'f', description: 'Go on with the lines that come.', default: false}),
    level: Flags.option({
      description: 'Least severity to show.',
      options: ['debug', 'info', 'warn', 'error'] as const,
      default: 'info',
    })(),
    lines: Flags.integer({
      char: 'n',
      description: 'Past lines to begin with.',
      default: 20,
      min: 0,
      max: MAX_LINES,
      helpValue: 'N',
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Logs)
    const {follow: isFollowed, level, lines} = flags
    const admin = await this.admin(flags)
    await this.announceAll(signal => readLogs(admin, {level, lines, isFollowed, signal}), renderLogEvent)
  }
}
