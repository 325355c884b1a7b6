import type {ForgetResult} from '../../contract/analytics.js'
import {visibleText} from '../../util/visible-text.js'
import {countOf} from '../numbers.js'

/** What is gone, and what stays. */
export function renderForgetResult({userId, rows, cachedGames, activeBlocks}: ForgetResult): string {
  const games = cachedGames === null ? '' : `, ${countOf(cachedGames, 'kept game')}`
  const blocks = (activeBlocks ?? []).map(
    ({reason, until}) =>
      `still blocked${until === null ? '' : ` until ${until}`}: ${visibleText(reason ?? 'no reason given')}`,
  )
  return [`forgot user ${userId}: ${countOf(rows, 'row')}${games}`, ...blocks].join('\n')
}
