import {Flags} from '@oclif/core'
import type {AnalyticsSource} from '../ops/admin/analytics.js'
import {isUtf8Locale} from '../tui/model/terminal-look.js'
import type {AdminFlags} from './admin-command.js'
import {AdminCommand} from './admin-command.js'
import {durationFlag} from './flags.js'

/** A century: longer than anything is kept. */
const MAX_SINCE_MS = 36_525 * 86_400_000

export const dataDirFlag = Flags.string({
  description: 'Read this data directory instead of asking a server; it need not run.',
  helpValue: 'PATH',
})

/** A period that ends now; undefined without the flag. */
export function sinceFlag(description: string) {
  return durationFlag({description, minMs: 1, maxMs: MAX_SINCE_MS})
}

/** When a period that ends now began. */
export function beginOf(durationMs: number | undefined): number | undefined {
  return durationMs === undefined ? undefined : Math.max(0, Date.now() - durationMs)
}

/** The base of commands that read analytics, from a server or from a data directory. */
export abstract class AnalyticsCommand extends AdminCommand {
  protected async source(flags: AdminFlags & {'data-dir': string | undefined}): Promise<AnalyticsSource> {
    const dataDir = flags['data-dir']
    return dataDir === undefined ? {admin: await this.admin(flags)} : {dataDir}
  }

  /** What charts may be drawn with. */
  protected get look() {
    const {hasColor, columns} = this.terminal
    return {hasColor, columns, isUtf8: isUtf8Locale(process.env, process.platform)}
  }
}
