import {run} from '@oclif/core'
import {describeFailure} from './failure.js'
import {toUsageError} from './usage-error.js'

/**
 * Runs the command named by the process arguments; `from` is the URL of a file inside the package. oclif's own way of
 * ending would call `process.exit`, which cuts off output, and gives an unknown command status 1.
 */
export async function main(from: string): Promise<void> {
  const [first, ...rest] = process.argv.slice(2)
  try {
    // `gs help serve` asks for the same as `gs serve --help`.
    await run(first === 'help' ? [...rest, '--help'] : process.argv.slice(2), from)
  } catch (error) {
    const {code, oclif} = error as {code?: unknown; oclif?: {exit?: number}}
    if (code === 'EEXIT') {
      process.exitCode = oclif?.exit ?? 0
      return
    }
    const {exitCode, words} = describeFailure(toUsageError(error, {command: 'gs', flags: []}))
    process.exitCode = exitCode
    process.stderr.write(words)
  }
}
