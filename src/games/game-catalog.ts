import type {GameDefinition} from '../contract/games.js'
import {GsError} from '../errors.js'
import {relay} from './relay.js'
import {tictactoe} from './tictactoe.js'

const BUILT_IN: readonly GameDefinition[] = [relay, tictactoe] as GameDefinition[]

/** Names of the games that every server has. */
export const BUILT_IN_GAMES: readonly string[] = BUILT_IN.map(({name}) => name)

/** The games that can be started, by name: the built-in ones first, then `definitions` in their order. */
export class GameCatalog {
  // As many as the configuration names.
  readonly #games = new Map<string, GameDefinition>(BUILT_IN.map(game => [game.name, game]))

  /**
   * Takes games that were checked, see `checkGame`.
   *
   * @throws {GsError} game_invalid for a name that is taken.
   */
  constructor(definitions: readonly GameDefinition[] = []) {
    for (const definition of definitions) this.#add(definition)
  }

  get(name: string): GameDefinition | undefined {
    return this.#games.get(name)
  }

  names(): string[] {
    return [...this.#games.keys()]
  }

  #add(definition: GameDefinition): void {
    const {name} = definition
    if (this.#games.has(name)) {
      const owner = BUILT_IN_GAMES.includes(name) ? 'a built-in game' : 'another game'
      throw new GsError('game_invalid', `the name ${name} belongs to ${owner}`, {
        hint: 'Give each game a name of its own.',
      })
    }
    this.#games.set(name, definition)
  }
}
