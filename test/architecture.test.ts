import {describe, expect, test} from 'vitest'
import * as rules from './architecture/rules.js'
import {readSources, sourceFile} from './architecture/sources.js'

const sources = readSources(['src', 'commands', 'examples'])

describe('the sources keep the rule', () => {
  test.each(Object.entries(rules))('%s', (_name, rule) => {
    expect(rule(sources)).toEqual([])
  })
})

/** For each rule what it must refuse, and what looks like that but is fine. A file is its path and its text. */
const examples: Record<keyof typeof rules, {bad: Array<[string, string]>; good: Array<[string, string]>}> = {
  everyFileHasARank: {
    bad: [['src/misc/thing.ts', '']],
    good: [
      ['src/index.ts', ''],
      ['src/util/lru.ts', ''],
    ],
  },
  importsPointDown: {
    bad: [
      ['src/contract/clock.ts', "import type {Room} from '../rooms/room.js'"],
      ['src/rooms/room.ts', "import {encode} from '../protocol/encode.js'"],
      ['src/rooms/lobby.ts', "import {\n  encode,\n  decode,\n} from '../protocol/encode.js'"],
      ['src/rooms/hall.ts', "import '../server/listen.js'"],
      ['src/rooms/cellar.ts', "const view = await import('../tui/ink/view.js')"],
      ['src/rooms/attic.ts', "export * from '../server/listen.js'"],
      ['src/plugins/cache/tiers.ts', "import {Window} from '../security/window.js'"],
      ['src/index.ts', "export {main} from './cli/main.js'"],
      ['src/ops/serve.ts', "import {createServer} from '../index.js'"],
    ],
    good: [
      ['src/rooms/room.ts', "import {GsError} from '../errors.js'"],
      ['src/rooms/lobby.ts', "import {Room} from './room.js'"],
      ['src/plugins/cache/tiers.ts', "import {Entry} from './entry.js'"],
      ['src/index.ts', "export {createServer} from './ops/create-server.js'"],
      ['src/cli/main.ts', "import pkg from '../../package.json' with {type: 'json'}"],
      ['commands/serve.ts', "import {serve} from '../src/ops/serve.js'"],
    ],
  },
  contractStandsAlone: {
    bad: [
      ['src/contract/clock.ts', "import type {GsError} from '../errors.js'"],
      ['src/contract/games.ts', "import type {Logger} from 'pino'"],
      ['src/contract/views.ts', "import {EventEmitter} from 'node:events'"],
    ],
    good: [
      ['src/contract/clock.ts', "import type {EventEmitter} from 'node:events'"],
      ['src/contract/games.ts', "import type {JsonValue} from './messages.js'"],
    ],
  },
  nothingImportsCommands: {
    bad: [
      ['src/cli/main.ts', "import Serve from '../../commands/serve.js'"],
      ['commands/cache/get.ts', "import Cache from '../cache.js'"],
    ],
    good: [['src/cli/main.ts', "import {commands} from './commands.js'"]],
  },
  noImportCycles: {
    bad: [
      ['src/rooms/room.ts', "import type {Lobby} from './lobby.js'"],
      ['src/rooms/lobby.ts', "import {Hall} from './hall.js'"],
      ['src/rooms/hall.ts', "import {Room} from './room.js'"],
    ],
    good: [
      ['src/rooms/room.ts', "import {Lobby} from './lobby.js'\nimport {Hall} from './hall.js'"],
      ['src/rooms/lobby.ts', "import {Hall} from './hall.js'"],
    ],
  },
  librariesStayHome: {
    bad: [
      ['src/server/listen.ts', "import type {Logger} from 'pino'"],
      ['src/ops/serve.ts', "import {Flags} from '@oclif/core/flags'"],
      ['src/tui/model/top.ts', "import {Box} from 'ink'"],
      ['src/tui/ink/view.tsx', "import blessed from 'blessed'"],
    ],
    good: [
      ['src/logging/logger.ts', "import {pino} from 'pino'"],
      ['src/tui/ink/view.tsx', "import {Box} from 'ink'"],
      ['examples/chess.ts', "import {z} from 'zod'"],
    ],
  },
  socketsStayHome: {
    bad: [
      ['src/rooms/room.ts', "import type {Socket} from 'node:net'"],
      ['src/ops/stop.ts', "import {connect, isIP} from 'node:net'"],
      ['src/ops/start.ts', "import net from 'node:net'"],
      ['commands/stop.ts', "const net = process.getBuiltinModule('node:net')"],
      ['src/plugins/cache/tiers.ts', "import {createServer} from 'node:http'"],
    ],
    good: [
      ['src/server/listen.ts', "import {createServer} from 'node:net'"],
      ['src/config/address.ts', "import {isIP, type BlockList} from 'node:net'"],
      ['src/tui/link.ts', "import type {IncomingMessage} from 'node:http'"],
    ],
  },
  shortCommandsLoadHttpLate: {
    bad: [
      ['src/client/admin.ts', "import {request} from 'node:http'"],
      ['commands/stop.ts', "import 'node:http'"],
    ],
    good: [
      ['src/client/admin.ts', "import type {ClientRequest} from 'node:http'"],
      ['src/client/late.ts', "process.getBuiltinModule('node:http')"],
      ['src/admin/listen.ts', "import {createServer} from 'node:http'"],
    ],
  },
  databasesStayInThreads: {
    bad: [
      ['src/store/data-store.ts', "import {DatabaseSync} from 'node:sqlite'"],
      ['src/plugins/cache/tiers.ts', "const {DatabaseSync} = await import('node:sqlite')"],
      ['src/store/data-store.ts', "import {Writer} from './worker/writer.js'"],
    ],
    good: [
      ['src/store/worker/writer.ts', "import {DatabaseSync} from 'node:sqlite'\nimport {f} from './failure.js'"],
      ['src/store/messages.ts', "import type {DatabaseSync} from 'node:sqlite'"],
      ['src/util/exclusive-lock.ts', "import {DatabaseSync} from 'node:sqlite'"],
    ],
  },
  examplesUseTheFront: {
    bad: [
      ['examples/bot.ts', "import {GsClient} from '../src/client/client.js'"],
      ['examples/chess.ts', "import {defineGame} from '@gsrv/gs/dist/src/index.js'"],
    ],
    good: [['examples/chess.ts', "import {defineGame} from '@gsrv/gs'\nimport {Chess} from 'chess.js'"]],
  },
  commandsAreShort: {
    bad: [['commands/top.ts', 'line\n'.repeat(81)]],
    good: [
      ['commands/top.ts', 'line\n'.repeat(80)],
      ['src/ops/top.ts', 'line\n'.repeat(300)],
    ],
  },
  onlyCommandsExportDefault: {
    bad: [
      ['src/tui/ink/view.tsx', 'export default function View() {}'],
      ['src/tui/ink/bar.tsx', 'export {Bar as default}'],
    ],
    good: [['commands/top.ts', 'export default class Top extends Command {}']],
  },
  namesSayTheSubject: {
    bad: [
      ['src/rooms/utils.ts', ''],
      ['src/tui/ink/common.tsx', ''],
    ],
    good: [['src/contract/message-types.ts', '']],
  },
  nothingExitsTheProcess: {
    bad: [['src/cli/main.ts', 'process.exit(1)']],
    good: [['src/cli/main.ts', 'process.exitCode = 1']],
  },
}

describe.each(Object.entries(rules))('%s', (name, rule) => {
  const {bad, good} = examples[name as keyof typeof rules]

  test('refuses what it is there for', () => {
    const files = bad.map(([path, text]) => sourceFile(path, text))
    // A cycle is one breach of several files.
    expect(rule(files)).toHaveLength(name === 'noImportCycles' ? 1 : bad.length)
  })

  test('lets similar things be', () => {
    expect(rule(good.map(([path, text]) => sourceFile(path, text)))).toEqual([])
  })
})
