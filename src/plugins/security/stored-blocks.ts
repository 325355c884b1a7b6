import type {Clock} from '../../contract/clock.js'
import type {Logger} from '../../contract/logger.js'
import type {BlockDesk} from '../../contract/security.js'
import type {Store} from '../../contract/store.js'
import {BlockKeeper} from './block-keeper.js'
import {Lifting} from './lifting.js'

/**
 * The blocks as they lie in the store, for servers in which the plugin does not run.
 *
 * @throws {GsError} as `Store.migrate` and `Store.query`.
 */
export async function openStoredBlocks(surroundings: {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
}): Promise<BlockDesk> {
  const keeper = await BlockKeeper.open(surroundings)
  const {store, clock} = surroundings
  return new Lifting({keeper, store, clock, live: null})
}
