import {Args, Flags} from '@oclif/core'

import {AdminCommand} from '../../src/cli/admin-command.js'
import {GsError} from '../../src/errors.js'
import {callPlugin} from '../../src/ops/admin/plugins.js'
import {visibleJson} from '../../src/util/visible-text.js'

export default class PluginCall extends AdminCommand {
  static override summary = 'Call an admin route that a plugin offers, and print the answer as JSON.'
  static override examples = [
    '<%= config.bin %> plugin call my-plugin /words',
    `<%= config.bin %> plugin call my-plugin /words --body '{"add":"darn"}'`,
  ]
  static override args = {
    plugin: Args.string({description: 'Name of the plugin.', required: true, ignoreStdin: true}),
    path: Args.string({description: 'Path below /v1/PLUGIN, with its query.', required: true, ignoreStdin: true}),
  }
  static override flags = {
    body: Flags.string({description: 'JSON to send; makes the call a POST.', helpValue: 'JSON'}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(PluginCall)
    const body = flags.body === undefined ? undefined : parseBody(flags.body)
    const answer = await callPlugin(await this.admin(flags), args.plugin, args.path, body)
    this.log(visibleJson(JSON.stringify(answer, null, 2)))
    return answer
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new GsError('usage', `--body is not valid JSON: ${(error as Error).message}`, {cause: error})
  }
}
