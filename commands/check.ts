import {AdminCommand} from '../src/cli/admin-command.js'
import {checkFlags, limitsOf} from '../src/cli/check-flags.js'
import {GsError} from '../src/errors.js'
import {CHECK_STATUS, type CheckResult} from '../src/ops/check/check-result.js'
import {failedCheck, runCheck} from '../src/ops/check/run-check.js'
import {renderCheck} from '../src/render/check-line.js'

export default class Check extends AdminCommand {
  static override summary =
    'Check a running server for a monitor: one line, and an exit status in the manner of Nagios.'
  static override description =
    'A RANGE is a number for the most that is fine, or 10: for the least, 10:20 for both, @10:20 for what is bad. Times have a unit (us, ms, s), sizes may have one (KB, MB, GB). The exit status is 0: ok, 1: warning, 2: critical, also when no server answers, 3: unknown.'
  static override usage = 'check [--p99-warn RANGE] [--p99-critical RANGE] [--warn NUMBER=RANGE]'
  static override examples = [
    '<%= config.bin %> check --p99-warn 50ms --p99-critical 200ms',
    '<%= config.bin %> check --users-warn 1: --memory-critical 400MB --warn closeReasons.slow_consumer=0',
  ]
  static override flags = {...checkFlags}

  /** A monitor that gets no line must not take 1, a warning, for the state. */
  protected override readonly lostOutputStatus = CHECK_STATUS.unknown

  async run(): Promise<CheckResult> {
    const {flags} = await this.parse(Check)
    return this.tell(await runCheck(() => this.admin(flags), limitsOf(flags)))
  }

  /** A check that fails is an answer, too. */
  protected override async catch(error: Error): Promise<void> {
    if (!GsError.is(error)) {
      await super.catch(error)
      if (process.exitCode !== 0) process.exitCode = CHECK_STATUS.unknown
      return
    }
    const result = this.tell(failedCheck(error))
    if (this.jsonEnabled()) this.logJson(result)
    if (error.hint !== undefined) this.logToStderr(`hint: ${error.hint}`)
  }

  private tell(result: CheckResult): CheckResult {
    process.exitCode = CHECK_STATUS[result.state]
    this.log(renderCheck(result))
    return result
  }
}
