import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {expect, test} from 'vitest'
import type {JsonValue} from '../../../src/contract/messages.js'
import {projectRoot} from '../../architecture/sources.js'
import {createRandom} from '../../helpers/create-random.js'
import {Program} from '../../helpers/program.js'
import {tempFolder} from '../../helpers/temp-folder.js'
import {KilledTable, type Script} from './killed-tables.js'

// The long form: GS_KILL_ROUNDS=50 GS_KILL_SEED=1 npx vitest run test/plugins/cache/killed-games.integration.ts
const ROUNDS = Number(process.env.GS_KILL_ROUNDS ?? 3)
const SEED = Number(process.env.GS_KILL_SEED ?? 20_260_105)

/** Paul Morphy's game at the opera: White mates with the 33rd move. */
const OPERA = [
  ...['e4', 'e5', 'Nf3', 'd6', 'd4', 'Bg4', 'dxe5', 'Bxf3', 'Qxf3', 'dxe5', 'Bc4', 'Nf6', 'Qb3', 'Qe7', 'Nc3', 'c6'],
  ...['Bg5', 'b5', 'Nxb5', 'cxb5', 'Bxb5+', 'Nbd7', 'O-O-O', 'Rd8', 'Rxd7', 'Rxd7', 'Rd1', 'Qe6', 'Bxd7+', 'Nxd7'],
  ...['Qb8+', 'Nxb8', 'Rd8#'],
]

const CARDS = `export default {
  name: 'cards', minPlayers: 2, maxPlayers: 2,
  setup: ({players}) => ({players: [...players], drawn: 0, secrets: {11: 'ace', 12: 'king'}}),
  onAction: state => ({...state, drawn: state.drawn + 1}),
  onLeave: state => state,
  outcome: ({drawn, players}) => (drawn < 12 ? undefined : {winner: players[0]}),
  view: ({drawn, secrets}, userId) => ({drawn, hand: userId === null ? 'hidden' : secrets[userId]}),
}
`
const HANDS: Readonly<Record<number, string>> = {11: 'ace', 12: 'king'}

const SCRIPTS: readonly Script[] = [
  {
    game: 'chess',
    roomId: 1,
    users: [1, 2],
    actions: OPERA.map(move => ({move})),
    winner: 1,
    progressOf: state => (state as {moves: string[]}).moves.length,
  },
  {
    game: 'tictactoe',
    roomId: 2,
    users: [3, 4],
    actions: [0, 3, 1, 4, 2].map(cell => ({cell})),
    winner: 3,
    progressOf: state => (state as {board: JsonValue[]}).board.filter(cell => cell !== null).length,
  },
  {
    game: 'cards',
    roomId: 3,
    users: [11, 12],
    actions: Array.from({length: 12}, () => 'draw'),
    winner: 11,
    progressOf: state => (state as {drawn: number}).drawn,
    checkView(state, userId) {
      const expected = userId === null ? 'hidden' : HANDS[userId]
      const {drawn} = state as {drawn: number}
      expect(state).toEqual({drawn, hand: expected})
    },
  },
]

test(`games go on after kill -9, from a state at most a second old, to their winners (seed ${SEED})`, {
  timeout: 20_000 + ROUNDS * 8000,
}, async () => {
  const chess = join(projectRoot, 'examples/chess/chess-game.ts')
  const cwd = tempFolder({
    'cards.mjs': CARDS,
    'gs.config.json': JSON.stringify({plugins: ['cache'], games: [chess, './cards.mjs'], dataDir: './data'}),
  })
  const random = createRandom(SEED)
  const tables = SCRIPTS.map(script => new KilledTable(script))
  let killedAtMs = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round += 1) {
    const program = new Program(['serve', '--port', '0'], {cwd})
    const {port} = await program.ready()
    for (const table of tables) await table.enter(port, killedAtMs)
    for (const [index, table] of tables.entries()) await table.watch(port, 100 + index)
    let isKilled = false
    const play = async (table: KilledTable) => {
      try {
        while (!isKilled) {
          await table.step()
          await pause(random() * 120)
        }
      } catch (error) {
        if (!isKilled) throw error
      }
    }
    const playing = tables.map(play)
    await pause(50 + random() * 1800)
    isKilled = true
    killedAtMs = performance.now()
    program.signal('SIGKILL')
    await program.ended()
    await Promise.all(playing)
  }
  const finished = tables.map(({script: {game}, finished: count}) => `${game} ${count}`).join(', ')
  const behindMs = Math.max(...tables.map(({worstBehindMs}) => worstBehindMs))
  process.stderr.write(`${ROUNDS} kills: finished ${finished}; at most ${behindMs.toFixed(0)} ms behind\n`)
  expect(tables.reduce((sum, table) => sum + table.finished, 0)).toBeGreaterThan(ROUNDS / 3)
})
