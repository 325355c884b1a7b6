import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {Config, type Interfaces} from '@oclif/core'

/** What is needed of a command's class; oclif's own type hides how it is run. */
interface CommandClass {
  id: string
  readonly args: object
  readonly strict: boolean
  new (argv: string[], config: Config): {_run(): Promise<unknown>}
}

export interface OwnCommand {
  readonly type: CommandClass
  readonly id: string
  readonly argv: string[]
}

/** What the parts of a command's name look like. Anything else, such as a path, is not looked up. */
const WORD = /^[a-z][a-z-]*$/
/** No command's name has more words. */
const MAX_WORDS = 3

/**
 * The command of this package that the arguments name, loaded without oclif's own search, which takes as long as the
 * command. Undefined for all that is not plainly one: help, mistakes, commands of others. oclif sees to those.
 *
 * `folder`: where the built commands are; with a slash at its end.
 */
export async function findOwnCommand(args: readonly string[], folder: URL): Promise<OwnCommand | undefined> {
  const words = args.slice(0, MAX_WORDS)
  const strange = words.findIndex(word => !WORD.test(word))
  if (strange >= 0) words.length = strange
  while (words.length > 0 && !existsSync(fileOf(words, folder))) words.pop()
  const argv = args.slice(words.length)
  if (words.length === 0 || asksForHelp(argv)) return undefined
  const {default: type} = (await import(fileOf(words, folder).href)) as {default: CommandClass}
  // oclif takes a word too many for a part of the name.
  const takesArguments = !type.strict || Object.keys(type.args).length > 0
  if (!takesArguments && argv[0] !== undefined && !argv[0].startsWith('-')) return undefined
  return {type, id: words.join(':'), argv}
}

/**
 * Runs a command of this package without a look at packages of others, so that no fault of theirs, and no hook, is in its
 * way. `root`: the URL of the package's folder.
 */
export async function runOwnCommand({type, id, argv}: OwnCommand, root: URL): Promise<void> {
  type.id = id
  await new type(argv, new OwnConfig(root))._run()
}

function fileOf(words: readonly string[], folder: URL): URL {
  return new URL(`${words.join('/')}.js`, folder)
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  return flags.includes('--help') || flags.includes('-h')
}

/** What a command of ours asks of oclif's configuration. Loading the whole one takes longer than most commands. */
class OwnConfig extends Config {
  constructor(root: URL) {
    super({root: fileURLToPath(root)})
    const pjson = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Config['pjson']
    this.root = this.options.root
    this.pjson = pjson
    this.name = pjson.name
    this.version = pjson.version
    this.bin = 'gs'
  }

  /** Only packages of others have hooks. */
  override async runHook<Result>(): Promise<Interfaces.Hook.Result<Result>> {
    return {successes: [], failures: []}
  }
}
