import {fileURLToPath} from 'node:url'
import {run} from '@oclif/core'
import {describeFailure} from './failure.js'
import {Output} from './output.js'
import {findOwnCommand, runOwnCommand} from './own-command.js'
import {describeUnknownCommand} from './unknown-command.js'
import {toUsageError} from './usage-error.js'
import {prepareSearch} from './whole-config.js'

/**
 * Runs the command named by the process arguments; `from` is the URL of a file inside the package. oclif's own way of
 * ending would call `process.exit`, which cuts off output, and gives an unknown command status 1.
 */
export async function main(from: string): Promise<void> {
  const [first, ...rest] = process.argv.slice(2)
  const root = new URL('..', from)
  const output = new Output(process.stdout)
  // Words that nobody can read change nothing about how a command ends.
  process.stderr.on('error', () => {})
  try {
    // `gs help serve` asks for the same as `gs serve --help`.
    await runCommand(first === 'help' ? [...rest, '--help'] : process.argv.slice(2), root)
  } catch (error) {
    const {code, oclif} = error as {code?: unknown; oclif?: {exit?: number}}
    if (code === 'EEXIT') {
      process.exitCode = oclif?.exit ?? 0
      return
    }
    const {exitCode, json, words} = describeFailure(
      toUsageError(describeUnknownCommand(error, root), {command: 'gs', flags: []}),
    )
    process.exitCode = exitCode
    if (process.argv.includes('--json')) output.write(`${JSON.stringify(json)}\n`)
    else process.stderr.write(words)
  } finally {
    await output.close()
  }
}

async function runCommand(args: string[], root: URL): Promise<void> {
  // Who debugs oclif wants to see oclif.
  if (!process.env.DEBUG && !process.env.GS_DEBUG) {
    const command = await findOwnCommand(args, new URL('dist/commands/', root))
    if (command !== undefined) return runOwnCommand(command, root)
  }
  await run(args, prepareSearch(fileURLToPath(root), process.env))
}
