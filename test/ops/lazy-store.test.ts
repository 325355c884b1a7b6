import {expect, test} from 'vitest'
import {LazyStore} from '../../src/ops/lazy-store.js'
import {noStore} from '../helpers/no-store.js'

test('opens with the first use, once, and closes what it opened', async () => {
  const calls: string[] = []
  const store = new LazyStore(async () => {
    calls.push('open')
    return {...noStore, close: async () => void calls.push('close')}
  })
  await store.flush()
  expect(store.status()).toBeNull()
  expect(calls).toEqual([])
  await Promise.all([store.migrate('mine', []), store.write([]), store.query('SELECT 1')])
  await store.close()
  expect(calls).toEqual(['open', 'close'])
})

test('one that cannot be opened says so each time, and is tried again', async () => {
  let isBroken = true
  const store = new LazyStore(async () => {
    if (isBroken) throw new Error('no such disk')
    return {...noStore, close: async () => {}}
  })
  await expect(store.write([])).rejects.toThrow('no such disk')
  expect(await store.append([])).toBe('dropped')
  isBroken = false
  expect(await store.append([])).toBe('stored')
  isBroken = true
  await store.close()
})

test('closing one that was never used does nothing', async () => {
  await new LazyStore(() => Promise.reject(new Error('opened'))).close()
})
