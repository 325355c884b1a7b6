import {Flags} from '@oclif/core'
import {AnalyticsCommand, beginOf, sinceFlag} from '../../src/cli/analytics-command.js'
import {idFlag} from '../../src/cli/list-flags.js'
import {readEvents} from '../../src/ops/admin/analytics.js'
import {renderAnalyticsEvent} from '../../src/render/analytics/events.js'
import {ANALYTICS_EVENT_TYPES} from '../../src/util/analytics-names.js'

const MAX_EVENTS = 100_000

export default class AnalyticsEvents extends AnalyticsCommand {
  static override summary = 'Show events: the last ones, those of a period, or those that come.'
  static override description =
    'Single messages are shown while somebody follows them; of before, only with analytics.rawMessages.'
  static override examples = [
    '<%= config.bin %> analytics events --follow --room 7',
    '<%= config.bin %> analytics events --type error --since 1h --json',
  ]
  static override flags = {
    follow: Flags.boolean({char: 'f', description: 'Go on with the events that come.', default: false}),
    type: Flags.option({
      description: 'Only this type; may be given several times.',
      options: ANALYTICS_EVENT_TYPES,
      multiple: true,
      multipleNonGreedy: true,
    })(),
    room: idFlag('Only events of this room.'),
    user: idFlag('Only events of this user.'),
    since: sinceFlag('Stored events of this period: 1h. Left out: recent ones, from memory.'),
    limit: Flags.integer({
      char: 'n',
      description: 'Past events to begin with, the newest.',
      default: 20,
      min: 0,
      max: MAX_EVENTS,
      helpValue: 'N',
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(AnalyticsEvents)
    const {type: types, room: roomId, user: userId, limit, follow: isFollowed} = flags
    const query = {types, roomId, userId, sinceMs: beginOf(flags.since), limit, isFollowed}
    const admin = await this.admin(flags)
    await this.announceAll(signal => readEvents(admin, query, signal), renderAnalyticsEvent)
  }
}
