import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {resolveConfig} from '../../src/config/resolve.js'
import type {MessageRecord} from '../../src/contract/plugins.js'
import type {PluginSet} from '../../src/pipeline/plugin-set.js'
import {analyticsPlugin} from '../../src/plugins/analytics/index.js'
import {metricsPlugin} from '../../src/plugins/metrics/index.js'
import {openStore} from '../../src/store/open-store.js'
import {systemClock} from '../../src/util/system-clock.js'
import {acceptedMessage, barePlugins, quietLog} from '../bare-plugins.ts'

const USERS = 100
const ROOMS = 50
const FIRST_USER = 1_000_000_000

/** Plugins and users who talk to them, without a server. */
export interface Crowd {
  readonly plugins: PluginSet
  /** A chat of each user in turn; all have been read now. */
  talk(messages: number): void
  close(): Promise<void>
}

/** The plugins that are named, on a store in a folder of its own; users are there and in their rooms. */
export async function gatherCrowd(
  names: readonly ('analytics' | 'metrics')[],
  {rawMessages = false}: {rawMessages?: boolean} = {},
): Promise<Crowd> {
  const directory = mkdtempSync(join(tmpdir(), 'gs-bench-'))
  const store = await openStore({directory, clock: systemClock, log: quietLog})
  const plugins = barePlugins(store)
  const {config} = resolveConfig({analytics: {rawMessages}})
  const definitions = {analytics: analyticsPlugin, metrics: metricsPlugin}
  for (const name of names) await plugins.add({definition: definitions[name] as never, config: config[name]})
  const records = Array.from({length: USERS}, (_, index) => enter(plugins, index))
  let next = 0
  return {
    plugins,
    talk(messages) {
      const {runner} = plugins
      const {afterMessage} = runner.chains
      const nowMs = systemClock.nowMs()
      for (let message = 0; message < messages; message += 1) {
        const record = records[next] as {-readonly [Key in keyof MessageRecord]: MessageRecord[Key]}
        next = (next + 1) % USERS
        record.readAtMs = nowMs
        runner.tell(afterMessage, record)
      }
    },
    async close() {
      await plugins.close()
      await store.close()
      rmSync(directory, {recursive: true})
    },
  }
}

function enter({runner}: PluginSet, index: number): MessageRecord {
  const userId = FIRST_USER + index
  const roomId = 1 + (index % ROOMS)
  const sessionId = `bench-${index}`
  runner.emit('userConnected', {userId, sessionId, isGuest: false} as never)
  runner.emit('roomJoined', {userId, roomId, userCount: 1 + Math.floor(index / ROOMS)} as never)
  return acceptedMessage({userId, message: {type: 'chat', roomId, message: 'hi'}})
}
