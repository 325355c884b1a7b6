import type {GameDefinition} from '../contract/games.js'
import {GsError} from '../errors.js'
import {checkGame} from '../games/define-game.js'
import {BUILT_IN_GAMES} from '../games/game-catalog.js'
import {loadModule, type ModuleKind, type ModuleSource} from './load-module.js'

const GAME: ModuleKind = {noun: 'game', code: 'game_invalid', builtIns: BUILT_IN_GAMES}

/**
 * Loads what `games` of the configuration lists: games as objects, paths (`./chess.js`, `../x.ts`, `/srv/x.js`) and
 * packages by name. A module gives a game, or an array of games, as its default export or as an export named `game`.
 * Names of built-in games are fine and give nothing, as these are always there.
 *
 * @throws {GsError} game_invalid for the first entry that cannot be found, loaded or used, naming it and why.
 */
export async function loadGames(
  entries: ReadonlyArray<string | GameDefinition<unknown, unknown>>,
  source: ModuleSource,
): Promise<GameDefinition[]> {
  const games: GameDefinition[] = []
  for (const [index, entry] of entries.entries()) {
    if (typeof entry !== 'string') games.push(checkGame(entry, `games[${index}]`))
    else if (!BUILT_IN_GAMES.includes(entry)) games.push(...(await loadGameModule(entry, source)))
  }
  return games
}

async function loadGameModule(entry: string, source: ModuleSource): Promise<GameDefinition[]> {
  const {origin, value} = await loadModule(entry, GAME, source)
  if (!Array.isArray(value)) return [checkGame(value, origin)]
  if (value.length === 0) throw new GsError('game_invalid', `${origin}: it exports an empty array`)
  return value.map((game, index) => checkGame(game, `${origin} [${index}]`))
}
