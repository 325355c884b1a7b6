import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../src/cli/base-command.js'
import {parsePolicies, parseSizes, type Simulation, simulateCache} from '../../src/ops/simulate-cache.js'
import {renderSimulation} from '../../src/render/cache/simulation.js'
import {isUtf8Locale} from '../../src/tui/model/terminal-look.js'

export default class CacheSimulate extends BaseCommand {
  static override summary = 'Try sizes and policies of the cache on recorded reads, beside the best that is possible.'
  static override description =
    'A size counts the entries of both tiers; L1 gets one of eleven. The optimum knows which reads will come, so no cache can find more.'
  static override examples = [
    '<%= config.bin %> cache simulate evening.trace',
    '<%= config.bin %> cache simulate evening.trace --sizes 500,1000,2000,5000 --policies lru,filtered',
  ]
  static override args = {
    trace: Args.string({description: 'File of gs cache trace stop.', required: true, ignoreStdin: true}),
  }
  static override flags = {
    sizes: Flags.string({
      description: 'Sizes to try, in entries, separated by commas.',
      default: '500,1000,2000,5000,11000',
      helpValue: 'N,N',
    }),
    policies: Flags.string({
      description: 'Policies to try: filtered, lru, or both.',
      default: 'filtered,lru',
      helpValue: 'NAMES',
    }),
  }

  async run(): Promise<Simulation> {
    const {args, flags} = await this.parse(CacheSimulate)
    const options = {sizes: parseSizes(flags.sizes), policies: parsePolicies(flags.policies)}
    const simulation = await simulateCache(args.trace, options)
    const isUtf8 = isUtf8Locale(process.env, process.platform)
    this.log(renderSimulation(simulation, {terminal: this.terminal, isUtf8}))
    return simulation
  }
}
