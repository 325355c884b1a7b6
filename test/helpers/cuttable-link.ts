import {type SpawnSyncReturns, spawnSync} from 'node:child_process'
import {randomInt} from 'node:crypto'
import {onTestFinished} from 'vitest'

/** A cable between this machine and a network of its own, for programs that are started there. It ends with the test. */
export interface CuttableLink {
  /** This machine's address on it. */
  readonly host: string
  /** What a command line begins with to run on the other side. */
  readonly enter: readonly [string, ...string[]]
  /** From here on everything is lost on the way, and neither side is told. */
  cut(): void
  mend(): void
}

/** Lays a cable, or says in a sentence why that cannot be done here. */
export function layLink(): CuttableLink | string {
  // Tests that run side by side do not meet. The addresses are of the range for tests of networks.
  const name = `gs${randomInt(1e6)}`
  const prefix = `198.18.${randomInt(256)}`
  const [here, there] = [`${name}h`, `${name}t`]
  const steps = [
    `netns add ${name}`,
    `link add ${here} type veth peer name ${there} netns ${name}`,
    `addr add ${prefix}.1/30 dev ${here}`,
    `link set ${here} up`,
    `-n ${name} addr add ${prefix}.2/30 dev ${there}`,
    `-n ${name} link set ${there} up`,
  ]
  for (const [index, step] of steps.entries()) {
    const {status, error, stderr} = ip(step)
    if (index === 0 && status === 0) {
      onTestFinished(() => {
        ip(`link delete ${here}`)
        ip(`netns delete ${name}`)
      })
    }
    if (status !== 0) return `there can be no network of its own here: ${error?.message ?? stderr.trim()}`
  }
  return {
    host: `${prefix}.1`,
    enter: ['ip', 'netns', 'exec', name],
    cut: () => mustRun(`-n ${name} link set ${there} down`),
    mend: () => mustRun(`-n ${name} link set ${there} up`),
  }
}

function mustRun(step: string): void {
  const {status, stderr} = ip(step)
  if (status !== 0) throw new Error(`ip ${step}: ${stderr}`)
}

function ip(step: string): SpawnSyncReturns<string> {
  return spawnSync('ip', step.split(' '), {encoding: 'utf8'})
}
