// The long form of test/integration/soak.ts, in real time. A line for each round, and at the end whether anything is left.
//   npm run test:soak -- --minutes 30        default: 5
//   npm run test:soak -- --seed 17           other dice
//   npm run test:soak -- --guests 5000       between two looks at what is left
import process from 'node:process'
import {parseArgs} from 'node:util'
import {bundleEngine} from './bundle-engine.mjs'

const {values} = parseArgs({
  options: {
    minutes: {type: 'string', default: '5'},
    seed: {type: 'string', default: '1'},
    guests: {type: 'string', default: '2000'},
  },
})
const {soak} = await import(await bundleEngine('test/integration/soak.ts'))
const endMs = performance.now() + Number(values.minutes) * 60_000

try {
  await soak({
    seed: Number(values.seed),
    guestsPerRound: Number(values.guests),
    isOver(rounds) {
      console.log(rounds.length, JSON.stringify(rounds.at(-1)))
      return rounds.length > 2 && performance.now() >= endMs
    },
  })
  console.log('nothing is left')
} catch (error) {
  console.error(`FAILED: ${error.message}`)
  process.exitCode = 1
}
