import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {GsError} from '../../src/errors.js'
import {checkGame} from '../../src/games/define-game.js'
import {loadGames} from '../../src/ops/load-games.js'

const game = (name: string) =>
  `{name: '${name}', minPlayers: 1, maxPlayers: 2, setup: () => null, onAction: state => state, outcome: () => undefined}`

/** A folder with these files, by path; gone after the test. */
async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gs-games-'))
  onTestFinished(() => rm(folder, {recursive: true}))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), {recursive: true})
    await writeFile(join(folder, path), text)
  }
  return folder
}

async function namesFrom(entries: string[], files: Record<string, string>, inFolder = '.'): Promise<string[]> {
  const folder = await folderWith(files)
  const games = await loadGames(entries, {baseDir: join(folder, inFolder)})
  return games.map(({name}) => name)
}

async function failureOf(
  entries: Parameters<typeof loadGames>[0],
  files: Record<string, string> = {},
): Promise<GsError> {
  const folder = await folderWith(files)
  const error: unknown = await loadGames(entries, {baseDir: folder}).catch(error => error)
  if (!GsError.is(error) || error.code !== 'game_invalid')
    throw new Error('not refused as game_invalid', {cause: error})
  return error
}

describe('a game is loaded', () => {
  test('from an object, as it is', async () => {
    const {name, ...rest} = checkGame(
      {name: 'mine', minPlayers: 1, maxPlayers: 1, setup: () => 1, onAction: () => 2, outcome: () => undefined},
      'here',
    )
    const mine = {name, ...rest}
    expect((await loadGames([mine], {baseDir: '/'}))[0]).toBe(mine)
  })

  test('from a default export, an export named game, or an array', async () => {
    const files = {
      'a.js': `export default ${game('a')}`,
      'b.mjs': `export const game = ${game('b')}`,
      'c.mjs': `export default [${game('c1')}, ${game('c2')}]`,
      'package.json': '{"type": "module"}',
    }
    expect(await namesFrom(['./a.js', './b.mjs', './c.mjs'], files)).toEqual(['a', 'b', 'c1', 'c2'])
  })

  test('from CommonJS, plain or written by a compiler', async () => {
    const files = {
      'a.cjs': `module.exports = ${game('a')}`,
      'b.cjs': `Object.defineProperty(exports, '__esModule', {value: true}); exports.default = ${game('b')}`,
      'c.cjs': `exports.game = ${game('c')}`,
    }
    expect(await namesFrom(['./a.cjs', './b.cjs', './c.cjs'], files)).toEqual(['a', 'b', 'c'])
  })

  test('from TypeScript', async () => {
    const text = `const name: string = 'typed'\nexport default {...${game('a')}, name}`
    expect(await namesFrom(['./typed.mts'], {'typed.mts': text})).toEqual(['typed'])
  })

  test('from a folder above, and by a full path', async () => {
    const folder = await folderWith({'up.mjs': `export default ${game('up')}`, 'inner/x.txt': ''})
    const games = await loadGames(['../up.mjs', join(folder, 'up.mjs')], {baseDir: join(folder, 'inner')})
    expect(games.map(({name}) => name)).toEqual(['up', 'up'])
  })

  test('from a path with a blank', async () => {
    expect(await namesFrom(['./my game.mjs'], {'my game.mjs': `export default ${game('odd')}`})).toEqual(['odd'])
  })

  test('from a package, found from where the configuration is', async () => {
    const files = {
      'node_modules/cjs-game/package.json': '{"main": "main.js"}',
      'node_modules/cjs-game/main.js': `module.exports = ${game('cjs')}`,
      'node_modules/@my/game/package.json':
        '{"type": "module", "exports": {".": {"types": "./x.d.ts", "import": "./esm.js"}, "./other": "./other.js"}}',
      'node_modules/@my/game/esm.js': `export default ${game('esm')}`,
      'node_modules/short/package.json': '{"type": "module", "exports": {"import": "./short.js"}}',
      'node_modules/short/short.js': `export const game = ${game('short')}`,
      'server/inner/x.txt': '',
    }
    expect(await namesFrom(['cjs-game', '@my/game', 'short'], files, 'server/inner')).toEqual(['cjs', 'esm', 'short'])
  })

  test('again with another version, and not with the same', async () => {
    const folder = await folderWith({'a.mjs': `export default ${game('first')}`})
    const nameAt = async (version: string) => (await loadGames(['./a.mjs'], {baseDir: folder, version}))[0]?.name
    expect(await nameAt('1')).toBe('first')
    await writeFile(join(folder, 'a.mjs'), `export default ${game('second')}`)
    expect(await nameAt('1')).toBe('first')
    expect(await nameAt('2')).toBe('second')
  })
})

test('built-in games may be named, and need no loading', async () => {
  expect(await namesFrom(['relay', 'tictactoe'], {})).toEqual([])
  expect(await loadGames([], {baseDir: '/'})).toEqual([])
})

describe('a failure says', () => {
  test('which path was tried', async () => {
    const {message, hint} = await failureOf(['./chess'])
    expect(message).toMatch(/^\.\/chess: there is no file \/.*\/chess$/)
    expect(hint).toContain('extension')
  })

  test('what a name could have meant', async () => {
    const {message, hint} = await failureOf(['chess'])
    expect(message).toMatch(/^chess: neither a built-in game nor a package that is found from /)
    expect(hint).toContain('./chess.js')
  })

  test('that a package does not give its main file away', async () => {
    const {message} = await failureOf(['closed'], {
      'node_modules/closed/package.json': '{"exports": {"./other": "./other.js"}}',
    })
    expect(message).toContain('closed: ')
  })

  test('what a module threw, and keeps it as the cause', async () => {
    const error = await failureOf(['./bad.mjs'], {'bad.mjs': "throw new TypeError('no board')"})
    expect(error.message).toBe('./bad.mjs: it could not be loaded: TypeError: no board')
    expect(error.cause).toBeInstanceOf(Error)
    const odd = await failureOf(['./odd.mjs'], {'odd.mjs': 'throw {reason: 1}'})
    expect(odd.message).toContain('{ reason: 1 }')
  })

  test('that a folder is no module', async () => {
    expect((await failureOf(['./games'], {'games/a.mjs': ''})).message).toContain('./games: it could not be loaded')
  })

  test('what was exported instead', async () => {
    const files = {
      'a.mjs': 'export const chess = 1, go = 2',
      'b.mjs': '',
      'c.mjs': 'export default () => 1',
      'd.mjs': 'export default []',
    }
    expect((await failureOf(['./a.mjs'], files)).message).toContain('./a.mjs: it exports chess, go; a game is')
    expect((await failureOf(['./b.mjs'], files)).message).toContain('./b.mjs: it exports nothing; a game is')
    expect((await failureOf(['./c.mjs'], files)).message).toBe('./c.mjs: a game is an object, not a function')
    expect((await failureOf(['./d.mjs'], files)).message).toBe('./d.mjs: it exports an empty array')
  })

  test('which of several games is wrong, and why', async () => {
    const files = {'a.mjs': `export default [${game('fine')}, ${game('Not fine')}]`}
    expect((await failureOf(['./a.mjs'], files)).message).toMatch(/^\.\/a\.mjs \[1\]: name is "Not fine"/)
    expect((await failureOf(['relay', {} as never])).message).toBe(
      'games[1]: name is missing; it must be 1 to 64 characters of a-z, 0-9, _ and -, starting with a letter',
    )
  })
})
