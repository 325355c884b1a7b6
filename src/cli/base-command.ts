import {Command, Flags} from '@oclif/core'
import {GsError} from '../errors.js'
import {describeTerminal, type Terminal} from '../util/terminal.js'
import {describeFailure} from './failure.js'
import {Output} from './output.js'
import {toUsageError} from './usage-error.js'

/**
 * The base of every command: results on stdout, all else on stderr, and one place that turns an error into words and an
 * exit status. With `--json` (or `GS_JSON=1`) the data that `run` returns is printed, or `{"error": …}`, and nothing else.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true
  static override baseFlags = {
    json: Flags.boolean({
      description: 'Print the data itself, as one JSON document. [env: GS_JSON]',
      helpGroup: 'GLOBAL',
    }),
  }

  /** How the command is called, such as `gs room show`. */
  private get commandLine(): string {
    return [this.config.bin, ...(this.id ?? '').split(':')].join(' ')
  }

  /** The exit status when a result could not be written. */
  protected readonly lostOutputStatus: number = 1
  readonly #output = new Output(process.stdout)

  /** What stdout can show. */
  protected get terminal(): Terminal {
    return describeTerminal(process.stdout, process.env)
  }

  override jsonEnabled(): boolean {
    return super.jsonEnabled() || (this.ctor.enableJsonFlag && /^(1|true)$/i.test(process.env.GS_JSON ?? ''))
  }

  /**
   * Makes sure that `what` can take the screen. `hint`: what to do instead.
   *
   * @throws {GsError} usage in a pipe, with `--json`, and on a terminal that cannot place text.
   */
  protected checkScreen(what: string, hint: string): void {
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb'
    if (!isTerminal || this.jsonEnabled()) throw new GsError('usage', `${what} needs a terminal`, {hint})
  }

  /** Prints a result. Says nothing with `--json`. */
  override log(message = ''): void {
    if (!this.jsonEnabled()) this.#output.write(`${message}\n`)
  }

  /** Prints something while the command goes on: with `--json` as an object on one line, else as words. */
  protected announce(json: object, words: string): void {
    this.#output.write(`${this.jsonEnabled() ? JSON.stringify(json) : words}\n`)
  }

  /** Announces events until they end or nobody reads on, at the pace of the one who reads. */
  protected async announceAll<Event extends object>(
    open: (signal: AbortSignal) => AsyncIterable<Event>,
    toWords: (event: Event) => string,
  ): Promise<void> {
    for await (const event of open(this.#output.gone)) {
      this.announce(event, toWords(event))
      await this.#output.drained()
    }
  }

  /** A command that announced everything returns nothing, and nothing more is printed. */
  protected override logJson(json: unknown): void {
    if (json !== undefined) this.#output.write(`${JSON.stringify(json, null, 2)}\n`)
  }

  protected override async _run<Result>(): Promise<Result> {
    const result = await super._run<Result>()
    await this.#output.close(this.lostOutputStatus)
    return result
  }

  protected override parse: Command['parse'] = async (...parameters) => {
    try {
      return await super.parse(...parameters)
    } catch (error) {
      throw toUsageError(error, {
        command: this.commandLine,
        flags: Object.keys(this.ctor.flags ?? {}),
      })
    }
  }

  /** Does not throw on: oclif would print the error once more and call `process.exit`, which cuts off output. */
  protected override async catch(error: Error & {oclif?: {exit?: number}}): Promise<void> {
    if ((error as {code?: unknown}).code === 'EEXIT') {
      process.exitCode = error.oclif?.exit ?? 0
      return
    }
    const {exitCode, json, words} = describeFailure(withHint(error, this.commandLine))
    process.exitCode = exitCode
    if (this.jsonEnabled()) this.announce(json, words)
    // A bug shows its stack in any case.
    if (!this.jsonEnabled() || !GsError.is(error)) process.stderr.write(words)
  }
}

/** A wrong value that the server found: what is right stands in the help. */
function withHint(error: unknown, command: string): unknown {
  if (!GsError.is(error) || error.code !== 'usage' || error.hint !== undefined) return error
  return new GsError('usage', error.message, {cause: error, hint: `See ${command} --help`})
}
