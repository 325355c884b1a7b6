import {expect, test} from 'vitest'
import type {GameDefinition} from '../../src/contract/games.js'
import {checkGame} from '../../src/games/define-game.js'
import {GameCatalog} from '../../src/games/game-catalog.js'
import {isRelay} from '../../src/games/relay.js'

const gameNamed = (name: string): GameDefinition => ({
  name,
  minPlayers: 1,
  maxPlayers: 1,
  setup: () => null,
  onAction: state => state,
  outcome: () => undefined,
})

test('the built-in games come first, then the others in their order', () => {
  const catalog = new GameCatalog([gameNamed('zebra'), gameNamed('ant')])
  expect(catalog.names()).toEqual(['relay', 'tictactoe', 'zebra', 'ant'])
  expect(new GameCatalog().names()).toEqual(['relay', 'tictactoe'])
})

test('a game is found by its name, and nothing by any other', () => {
  const zebra = gameNamed('zebra')
  const catalog = new GameCatalog([zebra])
  expect(catalog.get('zebra')).toBe(zebra)
  expect(catalog.get('__proto__')).toBeUndefined()
  expect(catalog.get('constructor')).toBeUndefined()
  expect(catalog.get('')).toBeUndefined()
})

test('a name that is taken is refused, and the message says by whom', () => {
  expect(() => new GameCatalog([gameNamed('ant'), gameNamed('ant')])).toThrow(
    expect.objectContaining({code: 'game_invalid', message: 'the name ant belongs to another game'}),
  )
  expect(() => new GameCatalog([gameNamed('relay')])).toThrow(
    expect.objectContaining({code: 'game_invalid', message: 'the name relay belongs to a built-in game'}),
  )
})

test('the built-in games pass the check that others have to pass', () => {
  const catalog = new GameCatalog()
  for (const name of catalog.names()) expect(checkGame(catalog.get(name), name).name).toBe(name)
})

test('actions are passed on in relay, and in no other game', () => {
  const catalog = new GameCatalog([gameNamed('other')])
  expect(catalog.names().filter(name => isRelay(catalog.get(name) as GameDefinition))).toEqual(['relay'])
})
