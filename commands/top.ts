import {AdminCommand} from '../src/cli/admin-command.js'
import {actorName} from '../src/cli/security-flags.js'
import {topFlags} from '../src/cli/top-flags.js'
import {GsError} from '../src/errors.js'
import {watchTop} from '../src/ops/top/watch-top.js'
import {renderTopLines} from '../src/render/top-lines.js'
import {isUtf8Locale} from '../src/tui/model/terminal-look.js'
import {checkSort} from '../src/tui/top/top-views.js'

export default class Top extends AdminCommand {
  static override summary = 'Watch a running server: load, rooms, users, plugins, events.'
  static override description =
    'On a terminal a screen that ? explains. For scripts --once, --batch and --json print one look, or one after the other; each line begins with its time, and with --json it is an object.'
  static override examples = [
    '<%= config.bin %> top',
    '<%= config.bin %> top --view users --sort messages',
    '<%= config.bin %> top --batch -n 5 -d 1 --json',
  ]
  static override flags = topFlags

  async run(): Promise<void> {
    const {flags} = await this.parse(Top)
    const {view, reverse: isReversed, filter, limit, delay: intervalMs} = flags
    const isScript = flags.once || flags.batch || this.jsonEnabled()
    if (flags.count !== undefined && !flags.batch) throw new GsError('usage', '--count is for --batch only')
    const sort = checkSort(isScript ? 'rooms' : view, flags.sort)
    if (isScript) {
      const admin = await this.admin(flags)
      const count = flags.batch ? (flags.count ?? Number.POSITIVE_INFINITY) : 1
      const rooms = {sort: sort ?? 'rate', isReversed, filter, limit}
      await this.announceAll(signal => watchTop(admin, {rooms, intervalMs, count, signal}), renderTopLines)
      return
    }
    this.checkScreen('gs top', 'In a pipe, or where TERM is dumb, use --once, --batch or --json.')
    const client = await this.admin(flags)
    const isUtf8 = !flags.ascii && isUtf8Locale(process.env, process.platform)
    const {runTop} = await import('../src/tui/blessed/run-top.js')
    const options = {view, sort, isReversed, filter, intervalMs, isReadOnly: flags['read-only']}
    process.exitCode = await runTop({
      client,
      options,
      actor: actorName(),
      look: {isColored: this.terminal.hasColor, isUtf8},
    })
  }
}
