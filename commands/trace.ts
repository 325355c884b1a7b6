import {Flags} from '@oclif/core'

import {AdminCommand} from '../src/cli/admin-command.js'
import {durationFlag} from '../src/cli/flags.js'
import {idFlag} from '../src/cli/list-flags.js'
import {GsError} from '../src/errors.js'
import {traceMessages} from '../src/ops/admin/streams.js'
import {renderTraceEvent} from '../src/render/event-lines.js'
import {formatDuration} from '../src/units.js'

const DEFAULT_MS = 30_000
const MAX_MS = 3_600_000

export default class Trace extends AdminCommand {
  static override summary = 'Watch the messages of one user, room or address go through the plugins.'
  static override description =
    'Shows who sent what kind of message, what became of it, and the time in each hook; never what it says.'
  static override examples = ['<%= config.bin %> trace --user 42 --for 30s', '<%= config.bin %> trace --room 7 --json']
  static override flags = {
    user: idFlag('Messages of this user.'),
    room: idFlag('Messages to this room.'),
    ip: Flags.string({description: 'Messages from this address.', helpValue: 'ADDRESS'}),
    for: durationFlag({
      description: 'How long, such as 30s; at most 1h.',
      default: DEFAULT_MS,
      defaultHelp: async () => '30s',
      minMs: 1,
      maxMs: MAX_MS,
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Trace)
    const {user, room, ip} = flags
    if ([user, room, ip].filter(value => value !== undefined).length !== 1) {
      throw new GsError('usage', 'give exactly one of --user, --room and --ip', {hint: 'See gs trace --help'})
    }
    const admin = await this.admin(flags)
    const filter = {user, room, ip, forMs: flags.for}
    // A quiet room shows nothing, so a person is told that it works.
    if (process.stderr.isTTY) process.stderr.write(`watching for ${formatDuration(flags.for)}; Ctrl-C ends it\n`)
    await this.announceAll(signal => traceMessages(admin, filter, {signal}), renderTraceEvent)
  }
}
