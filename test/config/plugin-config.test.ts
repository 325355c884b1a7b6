import {expect, test} from 'vitest'
import {z} from 'zod'
import {resolvePluginConfigs} from '../../src/config/plugin-config.js'

const configSchema = z.strictObject({limit: z.int().min(1).default(5), deep: z.object({word: z.string()}).optional()})
const origin = 'file /etc/gs.config.yaml'

test('each plugin gets its own part, checked and completed', () => {
  const configs = resolvePluginConfigs({
    pluginInput: {a: {limit: 2}, c: null},
    plugins: [{name: 'a', configSchema}, {name: 'b', configSchema}, {name: 'c', configSchema}, {name: 'd'}],
    origin,
  })
  expect([...configs]).toEqual([
    ['a', {limit: 2}],
    ['b', {limit: 5}],
    ['c', {limit: 5}],
    ['d', undefined],
  ])
})

test('all that is wrong is told at once, with key and value', () => {
  const refuse = {
    parse: () => {
      throw new Error('no good')
    },
  }
  expect(() =>
    resolvePluginConfigs({
      pluginInput: {a: {limit: 0, deep: {word: 7}}, b: {x: 1}, secruity: {}, c: 1},
      plugins: [{name: 'a', configSchema}, {name: 'b'}, {name: 'c', configSchema: refuse}, {name: 'security-lite'}],
      origin,
    }),
  ).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message: expect.stringMatching(
        /^5 problems.*\n {2}file \/etc\/gs.config.yaml: secruity: no such key or plugin; did you mean security\?\n.*a\.limit: .*, got 0\n.*a\.deep\.word: .*, got 7\n.*b: this plugin takes no configuration\n.*c: no good$/s,
      ),
    }),
  )
})

test('what could be a secret is not repeated', () => {
  const schema = z.object({apiKey: z.string(), limit: z.string()})
  const resolve = () =>
    resolvePluginConfigs({
      pluginInput: {a: {apiKey: 12345, limit: 678}},
      plugins: [{name: 'a', configSchema: schema}],
      origin,
    })
  expect(resolve).toThrow(/got 678/)
  expect(resolve).not.toThrow(/12345/)
})

test('a plugin cannot be given a prototype for a configuration', () => {
  const schema = {parse: (input: unknown) => input}
  expect(
    resolvePluginConfigs({pluginInput: {}, plugins: [{name: 'constructor', configSchema: schema}], origin}).get(
      'constructor',
    ),
  ).toEqual({})
})
