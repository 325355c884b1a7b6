import {describe, expect, test} from 'vitest'
import {CONFIG_KEYS, environmentName} from '../../src/config/keys.js'
import {resolveConfig} from '../../src/config/resolve.js'
import {coreSchema} from '../../src/config/schema.js'

describe.for(CONFIG_KEYS.map(key => [key.path, key] as const))('%s', ([path, key]) => {
  test('is documented', () => {
    expect(key.description).toMatch(/^[A-Za-z].{15,}\.$/)
    expect(key.unit).not.toBe('')
    expect(key.range).not.toBe('')
    expect(key.expects).not.toBe('')
    expect(['live', 'restart']).toContain(key.liveness)
    expect(key.default).toBeDefined()
    expect(key.env).toMatch(/^GS_[A-Z][A-Z0-9_]+$/)
  })

  test('its default passes, and a symbol does not', () => {
    const config = (value: unknown) => {
      const [group, name] = path.split('.') as [string, string?]
      return name === undefined ? {[group]: value} : {[group]: {[name]: value}}
    }
    expect(() => resolveConfig(config(key.default))).not.toThrow()
    expect(() => resolveConfig(config(Symbol('x')))).toThrow(expect.objectContaining({code: 'config_invalid'}))
  })
})

test('every number keeps to its range: both ends pass, one beyond does not', () => {
  for (const key of CONFIG_KEYS.filter(({kind}) => kind === 'integer')) {
    const [min, max] = key.range.split(' to ').map(Number) as [number, number]
    const [group, name] = key.path.split('.') as ['server', string]
    const isValid = (value: unknown) => coreSchema.shape[group].safeParse({[name]: value}).success
    expect([min, max].map(isValid), key.path).toEqual([true, true])
    const wrong = [min - 1, max + 1, min + 0.5, Number.NaN, Number.POSITIVE_INFINITY, String(min), null, [min]]
    expect(wrong.map(isValid), key.path).toEqual(wrong.map(() => false))
  }
})

test('no two keys share an environment variable', () => {
  expect(new Set(CONFIG_KEYS.map(({env}) => env)).size).toBe(CONFIG_KEYS.length)
})

test('an environment variable is the path in upper snake case', () => {
  expect(environmentName('name')).toBe('GS_NAME')
  expect(environmentName('server.maxFrameBytesBeforeHello')).toBe('GS_SERVER_MAX_FRAME_BYTES_BEFORE_HELLO')
})
