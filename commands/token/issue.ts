import {Flags} from '@oclif/core'
import {BaseCommand} from '../../src/cli/base-command.js'
import {configFlag, durationFlag, flagValues, withVariable} from '../../src/cli/flags.js'
import {idArgument} from '../../src/cli/list-flags.js'
import {type IssuedToken, issueToken} from '../../src/ops/issue-token.js'
import {systemClock} from '../../src/util/system-clock.js'

export default class TokenIssue extends BaseCommand {
  static override summary = 'Sign a token with which a user can say hello to a server in token mode.'
  static override description =
    'The secret comes from --secret-file, else from GS_AUTH_SECRET or auth.secretFile of the configuration. The token stands alone on stdout.'
  static override examples = ['<%= config.bin %> token issue 42 --for 1h']
  static override args = {
    userId: idArgument('user', 'Id of the user, 1 to 4294967295.'),
  }
  static override flags = {
    for: durationFlag({
      description: 'How long the token is valid: 1s to 3650d, as in 30s 10m 2h 7d.',
      env: 'GS_TOKEN_FOR',
      default: 3_600_000,
      defaultHelp: async () => '1h',
    }),
    'secret-file': Flags.string({
      description: withVariable('File with the secret, open to its owner only.', 'GS_AUTH_SECRET_FILE'),
      helpValue: 'FILE',
    }),
    config: configFlag,
  }

  async run(): Promise<IssuedToken> {
    const {args, flags} = await this.parse(TokenIssue)
    const issued = await issueToken({
      userId: args.userId,
      lifetimeMs: flags.for,
      clock: systemClock,
      cwd: process.cwd(),
      file: flags.config,
      env: process.env,
      flags: flagValues(flags, {'secret-file': 'auth.secretFile'}),
    })
    this.log(issued.token)
    return issued
  }
}
