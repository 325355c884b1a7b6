import {pathToFileURL} from 'node:url'

import {BaseCommand} from '../src/cli/base-command.js'
import {flagValues} from '../src/cli/flags.js'
import {offerOwnPackage} from '../src/cli/own-package.js'
import {SERVE_KEYS, serveFlags} from '../src/cli/serve-flags.js'
import {untilStopped} from '../src/cli/serve-signals.js'
import {describeTerminal} from '../src/util/terminal.js'

export default class Serve extends BaseCommand {
  static override summary = 'Run a server in the foreground.'
  static override description =
    'Prints one line on stdout when it is ready: `ready gs://HOST:PORT socket=PATH plugins=…`. The log goes to stderr. SIGTERM or SIGINT (Ctrl-C) stop it, SIGHUP has it read its configuration again.'
  static override examples = [
    '<%= config.bin %> serve',
    '<%= config.bin %> serve --port 7100 --plugins ./my-plugin.js --log-level warn',
    '<%= config.bin %> serve --config ./gs.config.yaml --check',
  ]
  static override flags = serveFlags

  async run(): Promise<{file: string | null} | undefined> {
    const {flags} = await this.parse(Serve)
    const options = {
      cwd: process.cwd(),
      file: flags.config,
      env: process.env,
      flags: flagValues(flags, SERVE_KEYS),
    }
    offerOwnPackage(pathToFileURL(`${this.config.root}/`))
    // Loaded here, so that help and usage errors need not wait for the server's libraries.
    const {checkServe, serve} = await import('../src/ops/serve.js')
    if (flags.check) {
      const checked = await checkServe(options)
      this.log('ok')
      return checked
    }
    const {ready, foreground} = await serve({...options, terminal: describeTerminal(process.stderr, process.env)})
    // Signals are heard before anybody is told that they may be sent.
    const stopped = untilStopped(foreground)
    const {url, socket, plugins} = ready
    this.announce(ready, `ready ${url} socket=${socket} plugins=${plugins.join(',') || 'none'}`)
    if (!(await stopped)) process.exitCode = 1
    return undefined
  }
}
