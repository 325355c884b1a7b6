import {BaseCommand} from '../src/cli/base-command.js'
import {connectFlags} from '../src/cli/connect-flags.js'
import {GsClient} from '../src/client/game-client.js'
import {GsError} from '../src/errors.js'
import {readToken} from '../src/ops/connect.js'
import {runScript} from '../src/ops/connect-script.js'
import {isUtf8Locale} from '../src/tui/model/terminal-look.js'
import {visibleText} from '../src/util/visible-text.js'

export default class Connect extends BaseCommand {
  static override summary = 'Join rooms, chat and play in the terminal, or from a script.'
  static override description =
    'A token is taken from GS_TOKEN or --token-file. With --script each line of stdin is one message as on the wire, and each frame of the server is one line on stdout. Without --user, --nickname and --room the first line may be the hello.'
  static override examples = [
    '<%= config.bin %> connect --user 2 --room 7',
    'echo \'{"type":"chat","roomId":7,"message":"hi"}\' | <%= config.bin %> connect --script --user 2 --room 7',
  ]
  static override flags = connectFlags

  async run(): Promise<void> {
    const {flags} = await this.parse(Connect)
    const token = await readToken({file: flags['token-file'], env: process.env})
    const {host, port, framing, timeout: connectTimeoutMs, nickname} = flags
    const rooms = (flags.room ?? []).flat()
    const target = {
      ...{host, port, framing, connectTimeoutMs},
      ...(flags.user !== undefined && {userId: flags.user}),
      ...(nickname !== undefined && {nickname}),
      ...(token !== undefined && {token}),
    }
    if (flags.script || this.jsonEnabled()) {
      const onBadLine = (line: number, reason: string) => {
        process.stderr.write(`gs: line ${line}: ${visibleText(reason)}\n`)
      }
      const {badLines} = await runScript({
        target,
        rooms,
        input: process.stdin,
        output: process.stdout,
        onBadLine,
        lingerMs: flags.linger,
      })
      if (badLines > 0) process.exitCode = 1
      return
    }
    if (flags.linger !== undefined) throw new GsError('usage', '--linger is for --script only')
    this.checkScreen('gs connect', 'In a pipe, or where TERM is dumb, use --script.')
    const client = await GsClient.connect(target)
    const {showConnectScreen} = await import('../src/tui/ink/connect/show-connect-screen.js')
    const look = {isColored: this.terminal.hasColor, isUtf8: isUtf8Locale(process.env, process.platform)}
    process.exitCode = await showConnectScreen({client, nickname, rooms, look})
    process.stderr.write(`Left ${host}:${port}.\n`)
  }
}
