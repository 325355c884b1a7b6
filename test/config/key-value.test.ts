import {expect, test} from 'vitest'
import {coerceText} from '../../src/config/key-value.js'
import {type ConfigKey, findKey} from '../../src/config/keys.js'

const prometheus = findKey('metrics.prometheus') as ConfigKey

test.for<[text: string, value: unknown]>([
  ['127.0.0.1:9464', {host: '127.0.0.1', port: 9464}],
  ['localhost:0', {host: 'localhost', port: 0}],
  ['[::1]:9464', {host: '::1', port: 9464}],
  ['127.0.0.1', '127.0.0.1'],
  ['9464', '9464'],
  [':9464', ':9464'],
  ['127.0.0.1:', '127.0.0.1:'],
  ['127.0.0.1:x', '127.0.0.1:x'],
  ['::1:9464', '::1:9464'],
])('%s in a variable is read as a host and a port, or left to be refused', ([text, value]) => {
  expect(coerceText(prometheus, text)).toEqual(value)
})
