import {AdminCommand} from '../src/cli/admin-command.js'
import type {InstanceStatus} from '../src/contract/admin.js'
import {statusOfAll} from '../src/ops/admin/status.js'
import {renderStatuses} from '../src/render/status.js'
import {runDirectoryBase} from '../src/util/run-directory.js'

export default class Status extends AdminCommand {
  static override summary = 'Show how a running server is; several running: a table of all.'
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --name staging --json']

  async run(): Promise<InstanceStatus | InstanceStatus[]> {
    const {flags} = await this.parse(Status)
    const choice = {...this.choice(flags), timeoutMs: flags.timeout}
    const statuses = await statusOfAll(choice, runDirectoryBase(process.env))
    this.log(renderStatuses(statuses, {terminal: this.terminal, nowMs: Date.now()}))
    return statuses.length === 1 ? (statuses[0] as InstanceStatus) : statuses
  }
}
