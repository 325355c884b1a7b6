import {expect, test} from 'vitest'
import {oneAtATime} from '../../src/util/one-at-a-time.js'

/** A job whose runs end when they are told to. */
function heldJob() {
  const runs: PromiseWithResolvers<number>[] = []
  const ask = oneAtATime(() => {
    const run = Promise.withResolvers<number>()
    runs.push(run)
    return run.promise
  })
  return {runs, ask}
}

const turn = () => new Promise(setImmediate)

test('who asks while it runs gets the next run, shared with all who ask until it begins', async () => {
  const {runs, ask} = heldJob()
  const first = ask()
  await turn()
  const [second, third] = [ask(), ask()]
  await turn()
  expect(runs).toHaveLength(1)
  runs[0]?.resolve(1)
  expect(await first).toBe(1)
  await turn()
  expect(runs).toHaveLength(2)
  runs[1]?.resolve(2)
  expect(await Promise.all([second, third])).toEqual([2, 2])
})

test('a run that fails is told to those who asked for it, and does not stop the next one', async () => {
  const {runs, ask} = heldJob()
  const first = ask()
  await turn()
  const second = ask()
  runs[0]?.reject(new Error('no'))
  await expect(first).rejects.toThrow('no')
  await turn()
  runs[1]?.resolve(2)
  expect(await second).toBe(2)
})
