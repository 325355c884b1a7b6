import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {generatedFiles} from '../../src/config/generated-files.js'
import {configJsonSchema} from '../../src/config/json-schema.js'
import {CONFIG_KEYS, GROUP_NAMES} from '../../src/config/keys.js'
import {loadConfig} from '../../src/config/load.js'
import {sampleFile} from '../../src/config/sample-file.js'
import {projectRoot} from '../architecture/sources.js'
import {tempFolder} from '../helpers/temp-folder.js'

test.for([...generatedFiles()])('%s is what the build makes of the schema', ([path, text]) => {
  expect(readFileSync(join(projectRoot, path), 'utf8')).toBe(text)
})

test('the JSON schema refuses unknown keys in groups and lets a group be empty', () => {
  const {properties} = configJsonSchema() as {properties: Record<string, object>}
  for (const group of GROUP_NAMES) {
    expect(properties[group], group).toMatchObject({type: ['object', 'null'], additionalProperties: false})
  }
})

test('the same schema always gives the same files', () => {
  expect([...generatedFiles()]).toEqual([...generatedFiles()])
})

test('every key stands in the page and in the JSON schema', () => {
  const page = generatedFiles().get('docs/configuration.md') as string
  const schema = configJsonSchema() as {properties: Record<string, {properties?: object; description?: string}>}
  for (const {path, group, name, env, description} of CONFIG_KEYS) {
    expect(page).toContain(`| \`${path}\` |`)
    expect(page).toContain(`| \`${env}\` |`)
    const owner = group === 'top' ? schema.properties : schema.properties[group]?.properties
    expect(owner, path).toHaveProperty([name, 'description'], expect.stringContaining(description))
    expect(owner, path).toHaveProperty([name, 'default'])
  }
})

describe('the sample file', () => {
  test('sets nothing as it is', async () => {
    const cwd = tempFolder({'gs.config.yaml': sampleFile()})
    const {config, origins} = await loadConfig({cwd, env: {}})
    expect(config).toEqual((await loadConfig({cwd: tempFolder(), env: {}})).config)
    expect(new Set(origins.values())).toEqual(new Set(['default']))
  })

  test('sets every key to its default once the marks in front are taken away', async () => {
    const cwd = tempFolder()
    writeFileSync(join(cwd, 'gs.config.yaml'), sampleFile().replaceAll(/^( *)#(?=\w+: )/gm, '$1'))
    const {config, origins} = await loadConfig({cwd, env: {}})
    expect(config.server.handshakeTimeoutMs).toBe(5000)
    for (const {path} of CONFIG_KEYS) expect(origins.get(path), path).toMatch(/^file /)
  })
})
