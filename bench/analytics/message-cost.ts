import {getHeapStatistics} from 'node:v8'
import {threadUs} from '../thread-time.ts'
import type {Crowd} from './crowd.ts'
import {nextTurn} from './turns.ts'

/** What a busy server reads in a turn of its event loop. */
const TURN_MESSAGES = 64
const TURNS = 10_000
const NS_PER_US = 1000
/** So few that no garbage is collected meanwhile, as a rule. */
const COUNTED_MESSAGES = 20_000

/** What a message costs the main thread, with all that is done at the end of a turn and once a second. */
export interface MessageCost {
  readonly ns: number
  /** New memory, for the hooks alone. */
  readonly bytes: number
}

export async function measureMessageCost({talk}: Pick<Crowd, 'talk'>): Promise<MessageCost> {
  const startUs = threadUs()
  for (let turn = 0; turn < TURNS; turn += 1) {
    talk(TURN_MESSAGES)
    await nextTurn()
  }
  const ns = ((threadUs() - startUs) * NS_PER_US) / (TURNS * TURN_MESSAGES)
  const usedBefore = getHeapStatistics().used_heap_size
  talk(COUNTED_MESSAGES)
  const bytes = (getHeapStatistics().used_heap_size - usedBefore) / COUNTED_MESSAGES
  return {ns, bytes: Math.max(0, bytes)}
}
