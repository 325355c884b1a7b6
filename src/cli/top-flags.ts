import {Flags} from '@oclif/core'
import {GsError} from '../errors.js'
import {TOP_VIEWS, type TopView} from '../tui/top/top-views.js'
import {formatDuration, parseDuration} from '../units.js'
import {MAX_FILTER_CHARACTERS} from '../util/listing-columns.js'

const MIN_INTERVAL_MS = 100
const MAX_INTERVAL_MS = 3_600_000
const MAX_ROWS = 10_000

/** `-d` alone takes a bare number, of seconds. */
const delayFlag = Flags.custom<number>({
  async parse(text) {
    const delayMs = parseDuration(text, {allowBareSeconds: true})
    if (delayMs < MIN_INTERVAL_MS || delayMs > MAX_INTERVAL_MS) {
      const range = `${formatDuration(MIN_INTERVAL_MS)} to ${formatDuration(MAX_INTERVAL_MS)}`
      throw new GsError('usage', `must be ${range}, not ${text}`)
    }
    return delayMs
  },
  helpValue: 'SECONDS',
})

const filterFlag = Flags.custom<string>({
  async parse(text) {
    if (text.length <= MAX_FILTER_CHARACTERS) return text
    throw new GsError('usage', `must have at most ${MAX_FILTER_CHARACTERS} characters`)
  },
})

export const topFlags = {
  view: Flags.option({
    description: 'What the screen opens with.',
    options: TOP_VIEWS,
    default: 'overview' as TopView,
  })(),
  sort: Flags.string({description: 'Column to sort the table by, as it is printed there.', helpValue: 'COLUMN'}),
  reverse: Flags.boolean({char: 'R', description: 'Turn the order around.', default: false}),
  filter: filterFlag({description: 'Only rows with this in an id or name.', default: '', helpValue: 'TEXT'}),
  limit: Flags.integer({
    description: 'Most rooms in the output for scripts; the screen shows what fits.',
    default: 20,
    min: 0,
    max: MAX_ROWS,
    helpValue: 'N',
  }),
  delay: delayFlag({
    char: 'd',
    description: 'Time between two looks, in seconds, or with a unit: 500ms.',
    default: 1_000,
    defaultHelp: async () => '1s',
  }),
  once: Flags.boolean({description: 'Print one look as plain text, and end.', default: false, exclusive: ['batch']}),
  batch: Flags.boolean({
    char: 'b',
    description: 'Print one look after the other, without a screen.',
    default: false,
  }),
  count: Flags.integer({char: 'n', description: 'Looks of --batch. Left out: no end.', min: 1, helpValue: 'N'}),
  'read-only': Flags.boolean({description: 'Have no keys that do anything to the server.', default: false}),
  ascii: Flags.boolean({description: 'Draw with ASCII only, whatever the locale.', default: false}),
}
