import {Args} from '@oclif/core'
import {AdminCommand} from '../../src/cli/admin-command.js'
import {durationFlag} from '../../src/cli/flags.js'
import type {CacheExplanation} from '../../src/contract/cache.js'
import {GsError} from '../../src/errors.js'
import {setValue} from '../../src/ops/admin/cache.js'
import {formatDuration} from '../../src/units.js'
import {visibleText} from '../../src/util/visible-text.js'

export default class CacheSet extends AdminCommand {
  static override summary = 'Put a value into the cache.'
  static override description = 'Keys of games (game_state:..., user_game:...) are written by the games alone.'
  static override examples = [`<%= config.bin %> cache set greeting '{"text":"hello"}' --ttl 10m`]
  static override args = {
    key: Args.string({description: 'Key of the entry.', required: true, ignoreStdin: true}),
    value: Args.string({description: 'The value, as JSON.', required: true, ignoreStdin: true}),
  }
  static override flags = {
    ttl: durationFlag({description: 'How long it lives, such as 10m. Left out: cache.ttlMs.', minMs: 1}),
  }

  async run(): Promise<CacheExplanation> {
    const {args, flags} = await this.parse(CacheSet)
    const value = parseValue(args.value)
    const entry = await setValue(await this.admin(flags), {key: args.key, value, ttlMs: flags.ttl})
    this.log(`set ${visibleText(entry.key)}, for ${formatDuration(Math.round(entry.ttlMs ?? 0))}`)
    return entry
  }
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new GsError('usage', `the value is not valid JSON: ${(error as Error).message}`, {
      cause: error,
      hint: 'Text needs quotes of its own, as in \'"hello"\'.',
    })
  }
}
