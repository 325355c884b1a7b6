import {type Command, Help} from '@oclif/core'

/** The help of oclif, which would list a command that has others below it twice: as a topic and as a command. */
export class ProgramHelp extends Help {
  protected override formatCommands(commands: Command.Loadable[]): string {
    const topics = new Set(this.sortedTopics.map(({name}) => toWords(name)))
    return super.formatCommands(commands.filter(({id}) => !topics.has(toWords(id))))
  }
}

/** oclif rewrites the names of what it has listed. */
function toWords(name: string): string {
  return name.replaceAll(':', ' ')
}
