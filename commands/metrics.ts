import {Flags} from '@oclif/core'

import {AdminCommand} from '../src/cli/admin-command.js'
import {listFlags} from '../src/cli/list-flags.js'
import type {ServerMetrics} from '../src/contract/metrics.js'
import {getMetrics, getPrometheusText} from '../src/ops/admin/metrics.js'
import {renderMetrics} from '../src/render/metrics.js'

export default class Metrics extends AdminCommand {
  static override summary = 'Show how a running server fares: rates, response times, memory, and the busiest rooms.'
  static override examples = [
    '<%= config.bin %> metrics',
    '<%= config.bin %> metrics --json | jq .messagesPerSecond',
    '<%= config.bin %> metrics --prometheus',
  ]
  static override flags = {
    ...listFlags('roomStats'),
    prometheus: Flags.boolean({
      description: 'Print everything that is counted, as text for monitors.',
      exclusive: ['json', 'sort', 'reverse'],
    }),
  }

  async run(): Promise<ServerMetrics | undefined> {
    const {flags} = await this.parse(Metrics)
    const client = await this.admin(flags)
    if (flags.prometheus) {
      this.log((await getPrometheusText(client)).trimEnd())
      return undefined
    }
    const metrics = await getMetrics(client, flags)
    this.log(renderMetrics(metrics, {terminal: this.terminal, nowMs: Date.now()}))
    return metrics
  }
}
