import {Flags} from '@oclif/core'
import {AdminClient} from '../client/admin/admin-client.js'
import {chooseInstance, findSocket, type InstanceChoice} from '../client/admin/discover.js'
import {runDirectoryBase} from '../util/run-directory.js'
import {BaseCommand} from './base-command.js'
import {durationFlag, withVariable} from './flags.js'

/** Values of the flags that every admin command has; undefined for those that stand not on the command line. */
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
      description: withVariable('Admin socket of the server; goes before --name.', 'GS_SOCKET'),
      helpGroup: 'GLOBAL',
      helpValue: 'PATH',
    }),
    name: Flags.string({
      description: withVariable('Name of the server. Needed when several run.', 'GS_NAME'),
      helpGroup: 'GLOBAL',
      helpValue: 'NAME',
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
  protected async admin(flags: AdminFlags): Promise<AdminClient> {
    const socketPath = await findSocket(this.choice(flags), runDirectoryBase(process.env))
    return new AdminClient({socketPath, timeoutMs: flags.timeout})
  }

  /** Which server the flags and the environment mean. */
  protected choice(flags: AdminFlags): InstanceChoice {
    return chooseInstance(flags, process.env)
  }
}
