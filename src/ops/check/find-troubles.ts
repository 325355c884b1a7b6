import type {InstanceStatus} from '../../contract/admin.js'
import type {CheckProblem} from './check-result.js'

/** What is wrong with a server without looking at any limit. */
export function findTroubles({overload, state, plugins, store}: InstanceStatus): CheckProblem[] {
  const problems: CheckProblem[] = []
  if (overload !== null) {
    const what = overload === 'memory' ? 'memory' : 'event loop'
    problems.push({state: 'critical', message: `overloaded (${what}): it turns new clients away`})
  }
  if (state !== 'running') problems.push({state: 'warning', message: `it is ${state}`})
  for (const {name, state: health, lastFailure} of plugins) {
    if (health !== 'failing') continue
    // The security plugin refuses what it cannot judge.
    const isCritical = name === 'security'
    problems.push({
      state: isCritical ? 'critical' : 'warning',
      message: `plugin ${name} fails: ${lastFailure ?? 'unknown'}`,
    })
  }
  if (store !== null && store.state !== 'ok') {
    problems.push({state: 'critical', message: `the data store keeps nothing (${store.state}): ${store.problem}`})
  }
  return problems
}
