import {AdminCommand} from '../src/cli/admin-command.js'
import type {InstanceStatus} from '../src/contract/admin.js'
import {statusOfAll} from '../src/ops/admin/status.js'
import {renderStatuses} from '../src/render/status.js'
import {runDirectoryBase} from '../src/util/run-directory.js'
import {visibleText} from '../src/util/visible-text.js'

export default class Status extends AdminCommand {
  static override summary = 'Show how a running server is; several running: a table of all.'
  static override description = 'Exit status 5 when one of several does not answer; the others are shown all the same.'
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --name staging --json']

  async run(): Promise<InstanceStatus | readonly InstanceStatus[]> {
    const {flags} = await this.parse(Status)
    const choice = {...this.choice(flags), timeoutMs: flags.timeout}
    const {statuses, failures} = await statusOfAll(choice, runDirectoryBase(process.env))
    this.log(renderStatuses(statuses, {terminal: this.terminal, nowMs: Date.now()}))
    for (const {message} of failures) process.stderr.write(`gs: ${visibleText(message)}\n`)
    if (failures.length > 0) process.exitCode = 5
    return statuses.length + failures.length === 1 ? (statuses[0] as InstanceStatus) : statuses
  }
}
