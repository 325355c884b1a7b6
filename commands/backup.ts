import {resolve} from 'node:path'
import {Args} from '@oclif/core'

import {AdminCommand} from '../src/cli/admin-command.js'
import type {Backup as BackupAnswer} from '../src/contract/admin.js'
import {backUpStore} from '../src/ops/admin/instance.js'
import {formatSize} from '../src/units.js'
import {visibleText} from '../src/util/visible-text.js'

export default class Backup extends AdminCommand {
  static override summary = 'Copy the data store of a running server into a new file.'
  static override description =
    'The server goes on meanwhile. The copy can be opened by its owner only; put it into a data directory as gs.db to ' +
    'start from it.'
  static override examples = ['<%= config.bin %> backup /var/backups/gs-monday.db']
  static override args = {
    file: Args.string({description: 'The new file; none may be there.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<BackupAnswer> {
    const {args, flags} = await this.parse(Backup)
    const backup = await backUpStore(await this.admin(flags), resolve(args.file))
    this.log(`copied ${formatSize(backup.sizeBytes)} to ${visibleText(backup.file)}`)
    return backup
  }
}
