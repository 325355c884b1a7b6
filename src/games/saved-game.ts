import type {GameDefinition} from '../contract/games.js'
import type {SavedGame} from '../contract/plugins.js'
import {gameFailed} from './call-game.js'

/**
 * Checks who plays, and that it is this game: what was saved may come from a plugin, or from before the game changed.
 * The state is judged by the game itself.
 *
 * @throws {GsError} game_failed with what is wrong.
 */
export function checkSavedGame(definition: GameDefinition, saved: SavedGame): void {
  const wrong = faultOf(definition, saved)
  if (wrong !== undefined) throw gameFailed(definition, `the saved game cannot be taken up: ${wrong}`)
}

function faultOf({name, maxPlayers}: GameDefinition, saved: SavedGame): string | undefined {
  const {game, players, departed = [], startedAtMs} = saved
  if (game !== name) return `it is a game of ${JSON.stringify(game)}`
  if (!isListOfUsers(players) || players.length === 0) return 'its players are not a list of different user ids'
  if (players.length > maxPlayers) return `it has ${players.length} players, and at most ${maxPlayers} can play`
  const isPlayer = new Set(players)
  if (!isListOfUsers(departed) || !departed.every(userId => isPlayer.has(userId))) {
    return 'those who gave up their seats are not among its players'
  }
  return Number.isFinite(startedAtMs) ? undefined : 'it has no start time'
}

function isListOfUsers(value: unknown): value is number[] {
  if (!Array.isArray(value) || new Set(value).size !== value.length) return false
  return value.every(userId => Number.isInteger(userId) && userId > 0 && userId <= 0xffffffff)
}
