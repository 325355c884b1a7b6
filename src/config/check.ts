import type {z} from 'zod'
import {isLoopback} from '../util/ip-address.js'
import {CROSS_CHECKS} from './cross-checks.js'
import {CONFIG_KEYS, findKey, GROUP_NAMES} from './keys.js'
import {mismatch, type Problem, unknownName} from './problems.js'
import {type Config, coreSchema} from './schema.js'

export type RawConfig = Record<string, unknown>

export interface CheckedConfig {
  /** Complete; where a key has a problem, with the default instead. */
  readonly config: Config
  /** What stands under names that the core does not know, to be checked by the plugins of those names. */
  readonly pluginInput: RawConfig
  readonly problems: readonly Problem[]
}

const TOP_NAMES: readonly string[] = [
  ...CONFIG_KEYS.filter(({group}) => group === 'top').map(({name}) => name),
  ...GROUP_NAMES,
]

/** Checks a configuration that may hold anything. `originOf` says where the value of a key comes from. */
export function checkConfig(raw: RawConfig, originOf: (key: string) => string): CheckedConfig {
  const problems: Problem[] = []
  const report = (problem: Omit<Problem, 'origin'>) => problems.push({...problem, origin: originOf(problem.key)})

  const {core, others} = split(raw)
  const parsed = coreSchema.safeParse(core)
  const faulty = new Set<string>()
  for (const issue of parsed.error?.issues ?? []) {
    for (const {key, reason} of explain(issue, core)) {
      if (!faulty.has(key)) report({key, reason})
      faulty.add(key)
    }
  }
  const config = withLoopbackDefaults(parsed.data ?? coreSchema.parse(without(core, faulty)), core)

  for (const {keys, check, code, hint} of CROSS_CHECKS) {
    const reason = keys.some(key => faulty.has(key)) ? undefined : check(config)
    if (reason !== undefined) report({key: keys[0], reason, ...(code && {code}), ...(hint && {hint})})
  }

  const pluginInput: RawConfig = {}
  for (const [name, value] of Object.entries(others)) {
    if (config.plugins.length > 0) pluginInput[name] = value
    // Without plugins nobody is left whom the key could belong to.
    else report({key: name, reason: unknownName('key', name, TOP_NAMES)})
  }
  return {config, pluginInput, problems}
}

/** People type into `nc` on loopback: there `hello` may take longer, and silence is not punished. */
function withLoopbackDefaults(config: Config, core: RawConfig): Config {
  if (config.auth.mode !== 'none' || !isLoopback(config.server.host)) return config
  const given = (core.server ?? {}) as Partial<Config['server']>
  return {
    ...config,
    server: {
      ...config.server,
      handshakeTimeoutMs: given.handshakeTimeoutMs ?? 60_000,
      heartbeatTimeoutMs: given.heartbeatTimeoutMs ?? 0,
    },
  }
}

/** A group left empty in YAML is null; it means the same as no group. `$schema` is for editors. */
function split(raw: RawConfig): {core: RawConfig; others: RawConfig} {
  const core: RawConfig = {}
  const others: RawConfig = {}
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined || name === '$schema' || (value === null && GROUP_NAMES.includes(name))) continue
    const target = TOP_NAMES.includes(name) ? core : others
    target[name] = value
  }
  return {core, others}
}

function explain(issue: z.core.$ZodIssue, core: RawConfig): {key: string; reason: string}[] {
  const [group, name, ...inside] = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(unknown => ({key: `${group}.${unknown}`, reason: explainUnknown(String(group), unknown)}))
  }
  if (name === undefined && GROUP_NAMES.includes(String(group))) {
    return [{key: String(group), reason: mismatch('a group of keys', core[String(group)])}]
  }
  const path = findKey(String(group)) ? String(group) : `${group}.${name}`
  const key = findKey(path)
  const value = readPath(core, path)
  // Inside a list the path goes on with the index of the entry.
  const index = path === group ? name : inside[0]
  if (key?.kind === 'list' && index !== undefined) {
    return [{key: `${path}[${index}]`, reason: mismatch(key.expects, (value as unknown[])[Number(index)])}]
  }
  if (key?.kind === 'list') return [{key: path, reason: mismatch(`a list of ${key.unit} (${key.range})`, value)}]
  const expects = issue.code === 'too_big' && key?.kind === 'text' ? key.range : key?.expects
  return [{key: path, reason: mismatch(expects ?? issue.message, value)}]
}

function explainUnknown(group: string, name: string): string {
  if (group === 'auth' && /secret|key|password/i.test(name)) {
    return 'a secret does not belong in the configuration; use auth.secretFile or GS_AUTH_SECRET'
  }
  const names = CONFIG_KEYS.filter(key => key.group === group).map(key => key.name)
  return unknownName('key', name, names).replace(/(?<=did you mean )/, `${group}.`)
}

function readPath(core: RawConfig, path: string): unknown {
  const [group, name] = path.split('.') as [string, string?]
  return name === undefined ? core[group] : (core[group] as RawConfig)[name]
}

/** A copy that lacks the keys with a problem, so that the rest can be looked at all the same. */
function without(core: RawConfig, faulty: ReadonlySet<string>): RawConfig {
  const copy: RawConfig = {}
  for (const [name, value] of Object.entries(core)) {
    if (isFaulty(name, faulty)) continue
    const isGroup = GROUP_NAMES.includes(name)
    copy[name] = isGroup
      ? Object.fromEntries(Object.entries(value as RawConfig).filter(([key]) => !isFaulty(`${name}.${key}`, faulty)))
      : value
  }
  return copy
}

function isFaulty(path: string, faulty: ReadonlySet<string>): boolean {
  return faulty.has(path) || [...faulty].some(key => key.startsWith(`${path}[`))
}
