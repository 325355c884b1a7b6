import {Args} from '@oclif/core'

import {BaseCommand} from '../src/cli/base-command.js'
import {loadWholeConfig} from '../src/cli/whole-config.js'
import {completionScript, SHELLS} from '../src/render/completion/completion-script.js'

export default class Completion extends BaseCommand {
  static override summary = 'Print a script that has your shell complete commands, flags and their values.'
  static override description =
    'It knows the commands of this moment, so print it again after an update. Where it belongs: bash reads ~/.local/share/bash-completion/completions/gs, fish ~/.config/fish/completions/gs.fish, and zsh a file named _gs in a folder of its fpath.'
  static override examples = [
    '<%= config.bin %> completion bash > ~/.local/share/bash-completion/completions/gs',
    'source <(<%= config.bin %> completion bash)',
    '<%= config.bin %> completion fish | source',
  ]
  static override args = {
    shell: Args.option({description: 'The shell that is to complete.', options: SHELLS, ignoreStdin: true})({
      required: true,
    }),
  }

  async run(): Promise<{shell: string; script: string}> {
    const {args} = await this.parse(Completion)
    const script = completionScript(args.shell, await loadWholeConfig(this.config.root, process.env))
    this.log(script.trimEnd())
    return {shell: args.shell, script}
  }
}
