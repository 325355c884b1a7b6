import {z} from 'zod'
import {CONFIG_KEYS, type ConfigKey, GROUP_NAMES} from './keys.js'
import {coreSchema} from './schema.js'

interface SchemaNode {
  [keyword: string]: unknown
  properties?: Record<string, SchemaNode>
}

/** The configuration as JSON Schema, for completion and checks in editors. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(coreSchema, {io: 'input', unrepresentable: 'any', target: 'draft-07'}) as SchemaNode
  const properties = schema.properties ?? {}
  for (const key of CONFIG_KEYS) {
    const owner = key.group === 'top' ? properties : (properties[key.group]?.properties ?? {})
    owner[key.name] = describe(key, owner[key.name] ?? {})
  }
  // A group left empty in YAML is null.
  for (const group of GROUP_NAMES) properties[group] = {...properties[group], type: ['object', 'null']}
  return {
    ...schema,
    title: 'Configuration of gs',
    properties: {$schema: {type: 'string', description: 'Where this schema is, for editors.'}, ...properties},
    // Any other key is the name of a plugin.
    additionalProperties: {type: ['object', 'null']},
  }
}

/** Adds what people read, and takes away what only the program needs. */
function describe(key: ConfigKey, node: SchemaNode): SchemaNode {
  const {kind: _, unit: __, range: ___, expects: ____, liveness: _____, defaultNote: ______, ...rest} = node
  const {items: _______, ...keywords} = rest
  const note = key.defaultNote === undefined ? '' : ` Default ${String(key.default)}, ${key.defaultNote}.`
  const facts = `Unit: ${key.unit}.${note} Takes effect: ${key.liveness}. Environment: ${key.env}.`
  const items = key.kind === 'list' ? {items: {type: key.items ?? 'string'}} : {}
  return {...keywords, ...items, description: `${key.description}\n${facts}`}
}
