import {readFile} from 'node:fs/promises'
import {text} from 'node:stream/consumers'
import {Args} from '@oclif/core'

import {AdminCommand} from '../../src/cli/admin-command.js'
import {actorName, exitStatusOf} from '../../src/cli/security-flags.js'
import type {TargetResult} from '../../src/contract/security.js'
import {GsError} from '../../src/errors.js'
import {importBlocks} from '../../src/ops/admin/security.js'
import {renderResults} from '../../src/render/security.js'
import {fileFault} from '../../src/util/file-fault.js'

export default class SecurityImport extends AdminCommand {
  static override summary = 'Take over blocks that gs security export printed.'
  static override description =
    'Blocks that have ended, or that the allow-list exempts, are left out: exit status 1 then. FILE - is stdin.'
  static override examples = [
    '<%= config.bin %> security import blocks.ndjson',
    'ssh other gs security export | <%= config.bin %> security import -',
  ]
  static override args = {
    file: Args.string({description: 'File with lines of JSON.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<TargetResult[]> {
    const {args, flags} = await this.parse(SecurityImport)
    const lines = args.file === '-' ? await text(process.stdin) : await readLines(args.file)
    const results = await importBlocks(await this.admin(flags), lines, actorName())
    this.log(results.length === 0 ? 'there was nothing to take over' : renderResults(results))
    process.exitCode = exitStatusOf(results)
    return results
  }
}

async function readLines(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new GsError('usage', `cannot read ${file}: ${fileFault(error)}`, {cause: error})
  }
}
