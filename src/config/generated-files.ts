import {configJsonSchema} from './json-schema.js'
import {referencePage} from './reference-page.js'

/** Files of this repository that are made from the schema, by path. The same schema always gives the same text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['gs.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
    ['docs/configuration.md', referencePage()],
  ])
}
