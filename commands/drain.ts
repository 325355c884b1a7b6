import {AdminCommand} from '../src/cli/admin-command.js'
import {durationFlag} from '../src/cli/flags.js'
import {stopInstance} from '../src/ops/admin/instance.js'

const PATIENCE_MS = 45_000
const MAX_MS = 86_400_000

export default class Drain extends AdminCommand {
  static override summary = 'Empty a running server over a while, then stop it.'
  static override description =
    'It takes no new clients, tells those who are there, and closes their connections one by one, so that they do not all come back at the same moment.'
  static override examples = ['<%= config.bin %> drain --for 60s']
  static override flags = {
    for: durationFlag({
      description: 'Time over which connections are closed, such as 60s; at most 1d.',
      required: true,
      minMs: 1,
      maxMs: MAX_MS,
    }),
  }

  async run(): Promise<{stopped: true; tookMs: number}> {
    const {flags} = await this.parse(Drain)
    const result = await stopInstance(await this.admin(flags), {drainMs: flags.for, waitMs: PATIENCE_MS})
    this.log(`drained and stopped after ${result.tookMs} ms`)
    return result
  }
}
