import {CONFIG_KEYS, type ConfigKey, GROUP_NAMES} from './keys.js'

const INTRO = `# Configuration of gs.
#
# Every key stands here with its default, commented out: take the "#" in front of a key away to set it.
# Flags and environment variables go before this file. Paths are relative to it.
# What is set, and where it comes from: gs config show
`

/** A `gs.config.yaml` with every key in it, explained and commented out: by itself it sets nothing. */
export function sampleFile(): string {
  const top = CONFIG_KEYS.filter(({group}) => group === 'top').map(key => describe(key, ''))
  const groups = GROUP_NAMES.map(group => {
    const keys = CONFIG_KEYS.filter(key => key.group === group).map(key => describe(key, '  '))
    return [`${group}:`, ...keys].join('\n')
  })
  return [INTRO, ...top, ...groups].join('\n')
}

function describe(key: ConfigKey, indent: string): string {
  const initial = key.defaultNote === undefined ? [] : [`default ${describeDefault(key)}, ${key.defaultNote}`]
  const facts = [`${key.unit}: ${key.range}`, ...initial, key.liveness, key.env].join('; ')
  return [`# ${key.description}`, `# ${facts}`, `#${key.name}: ${describeDefault(key)}`, '']
    .map(line => (line === '' ? line : indent + line))
    .join('\n')
}

function describeDefault(key: ConfigKey): string {
  return Array.isArray(key.default) ? '[]' : String(key.default)
}
