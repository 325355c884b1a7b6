import {AdminCommand} from '../src/cli/admin-command.js'
import {benchFlags} from '../src/cli/bench-flags.js'
import {StatusLine} from '../src/cli/status-line.js'
import {stopSignal} from '../src/cli/stop-signal.js'
import {systemClientClock} from '../src/client/client-clock.js'
import {brokenLimits} from '../src/ops/bench/bench-limit.js'
import type {BenchResult} from '../src/ops/bench/bench-result.js'
import {chooseTarget} from '../src/ops/bench/bench-target.js'
import {defaultWorkers, runBench} from '../src/ops/bench/run-bench.js'
import {renderBenchProgress} from '../src/render/bench-progress.js'
import {renderBench} from '../src/render/bench-report.js'

export default class Bench extends AdminCommand {
  static override summary = 'Put a server under load and say how it fares.'
  static override description =
    'Its clients have ids from 4000000000 and rooms up to 1000000, so they meet no real users. Ctrl-C ends it early and shows what was measured so far.'
  static override examples = [
    '<%= config.bin %> bench --clients 500 --rooms 50 --duration 30s',
    "<%= config.bin %> bench --rooms 50 --clients 500 --rate 2000/s --fail-if 'p99>50ms' --fail-if 'errors>0'",
  ]
  static override flags = benchFlags

  async run(): Promise<BenchResult & {brokenLimits: {limit: string; value: number}[]}> {
    const {flags} = await this.parse(Bench)
    const {host, port, clients, rooms, publishers, framing} = flags
    const target = await chooseTarget({
      host,
      port,
      openAdmin: flags.admin ? () => this.admin(flags) : null,
      isNamed: Boolean(flags.socket || flags.name),
    })
    const line = new StatusLine(process.env)
    const stop = stopSignal()
    try {
      const result = await runBench({
        plan: {
          ...{clients, rooms, publishers, framing},
          pace:
            flags.rate === undefined
              ? {kind: 'window', messages: flags.window ?? 1}
              : {kind: 'rate', messagesPerSecond: flags.rate},
          payloadBytes: flags.payload,
          workers: Math.min(clients, flags.workers ?? defaultWorkers()),
          connectTimeoutMs: flags.timeout,
        },
        target,
        warmupMs: flags.warmup,
        durationMs: flags.duration,
        signal: stop.signal,
        onProgress: progress => line.show(terminal => renderBenchProgress(progress, terminal)),
        clock: systemClientClock,
      })
      line.clear()
      this.log(renderBench(result))
      const broken = brokenLimits(flags['fail-if'] ?? [], result)
      for (const {limit} of broken) process.stderr.write(`gs: it holds that ${limit}\n`)
      if (broken.length > 0) process.exitCode = 1
      return {...result, brokenLimits: broken}
    } finally {
      line.clear()
      stop.dispose()
    }
  }
}
