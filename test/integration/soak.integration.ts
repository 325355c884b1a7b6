import {existsSync} from 'node:fs'
import {test} from 'vitest'
import {ManualClock} from '../helpers/manual-clock.js'
import {soak} from './soak.js'

// The long form, in real time: npm run test:soak -- --minutes 30
test('after many visits that ended in every way, nothing of them is left', async ({skip}) => {
  if (!existsSync('/proc/self/fd')) skip('there is no /proc to count descriptors in')
  const clock = new ManualClock()
  const pass = (durationMs: number) => clock.advance(durationMs)
  await soak({seed: 1, clock, pass, isOver: rounds => rounds.length === 6})
})
