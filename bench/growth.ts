import {connectionLimit} from './open-files.ts'
import type {Load} from './works.ts'

/** Something that grows, and the load at each of its steps. */
export interface Growth {
  readonly name: string
  readonly title: string
  readonly xTitle: string
  readonly steps: readonly number[]
  loadAt(step: number): Load
}

/**
 * Messages a second: little enough for all steps and peers, and enough to have the code of servers on Node compiled by the
 * end of the warm-up. Of each the members make deliveries.
 */
const RATE_OF_ONE = 10_000
const RATE_OF_TEN = 5000
const WARMUP_SECONDS = 1.5

export const GROWTHS: readonly Growth[] = [
  {
    name: 'members',
    title: 'Members of one room (one publisher, 8 in flight)',
    xTitle: 'members',
    steps: [10, 30, 100, 300, 1000, 5000],
    loadAt: members => ({rooms: 1, members, publishers: 1, window: 8}),
  },
  {
    name: 'rooms',
    title: `Rooms of one (${RATE_OF_ONE} messages/s in all)`,
    xTitle: 'rooms',
    steps: [1, 10, 100, 1000, 10_000],
    loadAt: rooms => ({rooms, members: 1, publishers: 1, rate: RATE_OF_ONE, warmupSeconds: WARMUP_SECONDS}),
  },
  {
    name: 'connections',
    title: `Connections in rooms of 10 (${RATE_OF_TEN} messages/s in all)`,
    xTitle: 'connections',
    steps: [100, 1000, 3000, 10_000, 15_000, 50_000],
    loadAt: connections => ({
      rooms: connections / 10,
      members: 10,
      publishers: 1,
      rate: RATE_OF_TEN,
      warmupSeconds: WARMUP_SECONDS,
    }),
  },
  {
    name: 'size',
    title: 'Size of a message (10 rooms of 10, all publish, 4 in flight each)',
    xTitle: 'bytes',
    steps: [16, 64, 256, 1024, 4096, 16_384],
    loadAt: payloadBytes => ({rooms: 10, members: 10, publishers: 10, window: 4, payloadBytes}),
  },
]

/** Steps that this machine can hold the connections of, and a note for the others. */
export function fittingSteps({steps, loadAt}: Growth): {steps: number[]; notes: string[]} {
  const {connections, openFiles} = connectionLimit()
  const fits = (step: number) => loadAt(step).rooms * loadAt(step).members <= connections
  const note = (step: number) =>
    `${step} is left out: ${openFiles} open files a process leave room for ${connections} connections`
  return {steps: steps.filter(fits), notes: steps.filter(step => !fits(step)).map(note)}
}
