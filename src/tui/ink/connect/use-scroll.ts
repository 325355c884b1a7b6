import {useState} from 'react'
import type {ConversationLine} from '../../model/conversation.js'
import {countRows, type TimelineOptions, type TimelineRow, timelineRows} from '../../model/timeline-rows.js'

interface ScrolledBack {
  /** The last line there was when one began to look back: what comes later does not move the view. */
  readonly lastLineId: number
  /** Rows above the end of that line. */
  readonly rows: number
}

export interface Scroll {
  readonly rows: TimelineRow[]
  /** Rows that are out of sight below. */
  readonly rowsBelow: number
  /** 1: a page back, -1: a page forth. */
  turnPage(direction: 1 | -1): void
  toEnd(): void
}

/** The part of the scroll-back in sight: its end, until one looks back. */
export function useScroll(lines: readonly ConversationLine[], options: Omit<TimelineOptions, 'scrolledBy'>): Scroll {
  const [back, setBack] = useState<ScrolledBack | null>(null)
  const newer = back ? lines.filter(({id}) => id > back.lastLineId) : []
  const scrolledBy = back?.rows ?? 0

  return {
    rows: timelineRows(linesUntil(lines, back), {...options, scrolledBy}),
    rowsBelow: scrolledBy + countRows(newer, {...options, scrolledBy: 0}),
    turnPage(direction) {
      // Several keys can come before React draws again.
      setBack(from => {
        const most = Math.max(0, countRows(linesUntil(lines, from), {...options, scrolledBy: 0}) - options.rows)
        const rows = Math.min(most, (from?.rows ?? 0) + direction * Math.max(1, options.rows - 1))
        return rows > 0 ? {lastLineId: from?.lastLineId ?? lines.at(-1)?.id ?? 0, rows} : null
      })
    },
    toEnd: () => setBack(null),
  }
}

function linesUntil(lines: readonly ConversationLine[], back: ScrolledBack | null): readonly ConversationLine[] {
  return back ? lines.filter(({id}) => id <= back.lastLineId) : lines
}
