import type {KeyValue} from './key-value.js'
import {coerceText} from './key-value.js'
import {CONFIG_KEYS, GROUP_NAMES} from './keys.js'
import {type Problem, unknownName} from './problems.js'

/** Holds the secret itself; it is no key, so that it never stands in a file. */
export const SECRET_VARIABLE = 'GS_AUTH_SECRET'

const keysByVariable = new Map(CONFIG_KEYS.map(key => [key.env, key]))
const groupPrefixes = GROUP_NAMES.map(group => `GS_${group.toUpperCase()}_`)

/**
 * The keys that the environment sets. An empty variable counts as not set. Unknown variables are a problem when they
 * start like a group's; all others may belong to somebody else.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): {values: KeyValue[]; problems: Problem[]} {
  const values: KeyValue[] = []
  const problems: Problem[] = []
  for (const [variable, value] of Object.entries(env)) {
    if (value === undefined || value === '' || !variable.startsWith('GS_')) continue
    const key = keysByVariable.get(variable)
    if (key !== undefined) values.push({key: key.path, origin: `env ${variable}`, value: coerceText(key, value)})
    else if (variable !== SECRET_VARIABLE && groupPrefixes.some(prefix => variable.startsWith(prefix))) {
      const known = [...keysByVariable.keys(), SECRET_VARIABLE]
      problems.push({key: '', origin: `env ${variable}`, reason: unknownName('variable', variable, known)})
    }
  }
  return {values, problems}
}
