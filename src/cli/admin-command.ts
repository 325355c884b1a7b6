import {Flags} from '@oclif/core'
import {AdminClient} from '../client/admin/admin-client.js'
import {findSocket} from '../client/admin/discover.js'
import {runDirectoryBase} from '../util/run-directory.js'
import {BaseCommand} from './base-command.js'
import {durationFlag} from './flags.js'

/** Values of the flags that every admin command has. */
export interface AdminFlags {
  readonly socket: string | undefined
  readonly name: string | undefined
  readonly timeout: number
}

/** The base of commands that ask a running server. They load no configuration. */
export abstract class AdminCommand extends BaseCommand {
  static override baseFlags = {
    ...BaseCommand.baseFlags,
    socket: Flags.string({
      description: 'Admin socket of the server; goes before --name.',
      helpGroup: 'GLOBAL',
      helpValue: 'PATH',
      env: 'GS_SOCKET',
    }),
    name: Flags.string({
      description: 'Name of the server. Needed when several run.',
      helpGroup: 'GLOBAL',
      helpValue: 'NAME',
      env: 'GS_NAME',
    }),
    timeout: durationFlag({
      description: 'How long the server may take to answer: 250ms 5s.',
      helpGroup: 'GLOBAL',
      env: 'GS_TIMEOUT',
      minMs: 1,
      default: 5_000,
      defaultHelp: async () => '5s',
    }),
  }

  /**
   * The server that the flags mean.
   *
   * @throws {GsError} as `findSocket`.
   */
  protected async admin({socket, name, timeout}: AdminFlags): Promise<AdminClient> {
    // Empty variables are as good as none.
    const choice = {socket: socket || undefined, name: name || undefined}
    return new AdminClient({socketPath: await findSocket(choice, runDirectoryBase(process.env)), timeoutMs: timeout})
  }
}
