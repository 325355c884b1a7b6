import type {GameDefinition} from '../contract/games.js'

/**
 * The game without rules: the server passes every action on to the room instead of applying it, and any member ends
 * it. It has no state, takes no notice of seats that are given up, and never ends by itself.
 */
export const relay: GameDefinition<null> = {
  name: 'relay',
  minPlayers: 1,
  maxPlayers: 5000,
  setup: () => null,
  onAction: state => state,
  onLeave: state => state,
  outcome: () => undefined,
}

/** True for the one game whose actions are passed on (`game_action`) rather than applied (`game_state`). */
export function isRelay(definition: GameDefinition<unknown, unknown>): boolean {
  return definition === relay
}
