import {Flags} from '@oclif/core'

import {BaseCommand} from '../src/cli/base-command.js'
import {configFlag, flagValues, withVariable} from '../src/cli/flags.js'
import {untilStopped} from '../src/cli/serve-signals.js'
import {describeTerminal} from '../src/util/terminal.js'

const KEYS = {
  port: 'server.port',
  host: 'server.host',
  plugins: 'plugins',
  name: 'name',
  'log-level': 'log.level',
  'log-file': 'log.file',
  'insecure-public': 'server.insecurePublic',
} as const

export default class Serve extends BaseCommand {
  static override summary = 'Run a server in the foreground.'
  static override description =
    'Prints one line on stdout when it is ready: `ready gs://HOST:PORT socket=PATH plugins=…`. The log goes to stderr. SIGTERM or SIGINT (Ctrl-C) stop it, SIGHUP has it read its configuration again.'
  static override examples = [
    '<%= config.bin %> serve',
    '<%= config.bin %> serve --port 7100 --plugins ./my-plugin.js --log-level warn',
    '<%= config.bin %> serve --config ./gs.config.yaml --check',
  ]
  static override flags = {
    config: configFlag,
    port: Flags.string({
      description: withVariable('TCP port to listen on, 0 for any free one. Default 7000.', 'GS_SERVER_PORT'),
      helpValue: 'PORT',
    }),
    host: Flags.string({
      description: withVariable('Address to listen on. Default 127.0.0.1.', 'GS_SERVER_HOST'),
      helpValue: 'ADDRESS',
    }),
    plugins: Flags.string({
      description: withVariable('Plugins to run, by path or package name, separated by commas.', 'GS_PLUGINS'),
      helpValue: 'LIST',
    }),
    name: Flags.string({
      description: withVariable('Name of this server. Default "default".', 'GS_NAME'),
      helpValue: 'NAME',
    }),
    'log-level': Flags.string({
      description: withVariable('Least severity that is logged: debug, info, warn, error or silent.', 'GS_LOG_LEVEL'),
      helpValue: 'LEVEL',
    }),
    'log-file': Flags.string({
      description: withVariable('File to append the log to, instead of stderr.', 'GS_LOG_FILE'),
      helpValue: 'FILE',
    }),
    'insecure-public': Flags.boolean({
      description: withVariable(
        'Accept clients from other machines although anyone can take any user id.',
        'GS_SERVER_INSECURE_PUBLIC',
      ),
    }),
    check: Flags.boolean({description: 'Load and check everything, plugins and games too, and start nothing.'}),
  }

  async run(): Promise<{file: string | null} | undefined> {
    const {flags} = await this.parse(Serve)
    const options = {
      cwd: process.cwd(),
      file: flags.config,
      env: process.env,
      flags: flagValues(flags, KEYS),
    }
    // Loaded here, so that help and usage errors need not wait for the server's libraries.
    const {checkServe, serve} = await import('../src/ops/serve.js')
    if (flags.check) {
      const checked = await checkServe(options)
      this.log('ok')
      return checked
    }
    const {ready, foreground} = await serve({...options, terminal: describeTerminal(process.stderr, process.env)})
    const {url, socket, plugins} = ready
    this.announce(ready, `ready ${url} socket=${socket} plugins=${plugins.join(',') || 'none'}`)
    if (!(await untilStopped(foreground))) process.exitCode = 1
    return undefined
  }
}
