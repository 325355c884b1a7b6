import {AdminCommand} from '../src/cli/admin-command.js'
import {durationFlag} from '../src/cli/flags.js'
import {stopInstance} from '../src/ops/admin/instance.js'

/** A server cuts its clients off after 30 s; plugins may take a little longer. */
const PATIENCE_MS = 45_000

export default class Stop extends AdminCommand {
  static override summary = 'Stop a running server and wait until it is gone.'
  static override examples = ['<%= config.bin %> stop', '<%= config.bin %> stop --name staging --wait 10s']
  static override flags = {
    wait: durationFlag({
      description: 'How long to wait for the end, such as 10s.',
      default: PATIENCE_MS,
      defaultHelp: async () => '45s',
    }),
  }

  async run(): Promise<{stopped: true; tookMs: number}> {
    const {flags} = await this.parse(Stop)
    const result = await stopInstance(await this.admin(flags), {waitMs: flags.wait})
    this.log(`stopped after ${result.tookMs} ms`)
    return result
  }
}
