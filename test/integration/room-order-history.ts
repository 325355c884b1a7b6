import type {Interval, Seen} from './room-order-interval.js'
import {expectThat, OrderViolation} from './room-order-violation.js'

export interface HistoryReport {
  /** Steps that were compared with what another observer saw at the same place. */
  compared: number
  /** Intervals that share nothing with others, such as of somebody who was alone. */
  alone: number
}

interface Placed {
  readonly interval: Interval
  /** Where its first step lies in the history. */
  offset: number
}

/** A piece of a room's history, put together from what was seen. */
interface Piece {
  readonly placed: Placed[]
}

/**
 * Puts one room's history together from what its members saw, and fails where that cannot be done.
 *
 * Every interval is a gapless piece of one history, so one step that two observers share fixes how the two lie to each
 * other, and then they must agree on every step they both cover, and on who was in the room at each. A lost, doubled,
 * early, late or swapped frame breaks that. Anchors, which occur once in a run, are such steps. Where nothing is shared
 * but the observer's own join, what it saw must fit there; `isCut` tells whose connection broke off, so that they may
 * have joined without hearing of it.
 */
export function checkHistory(intervals: readonly Interval[], isCut: (observer: string) => boolean): HistoryReport {
  const {pieces, adrift} = align(intervals)
  const histories = [...pieces].map(reconstruct)
  const claims = Map.groupBy(intervals, ({observer}) => observer)
  const report = {compared: 0, alone: adrift.size}
  for (const history of histories) {
    report.compared += history.compared
    for (const [at, step] of history.steps.entries()) {
      const observer = step?.text.startsWith('joined ') ? step.text.slice(7) : null
      if (observer === null || history.starts.has(at)) continue
      const found = claims.get(observer)?.find(interval => fits(history.steps, at, interval))
      if (found !== undefined) {
        report.compared += found.steps.length
        if (adrift.has(found)) report.alone -= 1
      } else if (!isCut(observer)) {
        throw new OrderViolation(
          `room ${intervals[0]?.roomId}: others saw ${describe(history.steps.slice(at, at + 5))}; ${observer} saw nothing of the kind`,
        )
      }
    }
  }
  return report
}

function align(intervals: readonly Interval[]): {pieces: Set<Piece>; adrift: Set<Interval>} {
  const home = new Map<Interval, {piece: Piece; placed: Placed}>()
  const anchors = new Map<string, {interval: Interval; index: number}>()
  for (const interval of intervals) {
    for (const [index, {anchor}] of interval.steps.entries()) {
      if (anchor === null) continue
      const known = anchors.get(anchor)
      if (known === undefined) anchors.set(anchor, {interval, index})
      if (!home.has(interval)) settle(home, interval)
      if (known !== undefined) unite(home, known, {interval, index})
    }
  }
  return {
    pieces: new Set([...home.values()].map(({piece}) => piece)),
    adrift: new Set(intervals.filter(interval => !home.has(interval))),
  }
}

type Homes = Map<Interval, {piece: Piece; placed: Placed}>
type Place = {readonly interval: Interval; readonly index: number}

function settle(home: Homes, interval: Interval): void {
  const placed = {interval, offset: 0}
  home.set(interval, {piece: {placed: [placed]}, placed})
}

function unite(home: Homes, known: Place, found: Place): void {
  const [one, other] = [home.get(known.interval), home.get(found.interval)]
  if (one === undefined || other === undefined) throw new Error('both have a home')
  const shift = one.placed.offset + known.index - (other.placed.offset + found.index)
  if (one.piece === other.piece) {
    if (shift !== 0) throw new OrderViolation(explain(known, found))
    return
  }
  for (const placed of other.piece.placed) {
    placed.offset += shift
    one.piece.placed.push(placed)
    home.set(placed.interval, {piece: one.piece, placed})
  }
}

/** The same step is at two places: says where the two observers part. */
function explain(known: Place, found: Place): string {
  const [ours, theirs] = [known.interval.steps, found.interval.steps]
  const who = `room ${known.interval.roomId}, ${known.interval.observer} and ${found.interval.observer}`
  for (let back = 1; back <= Math.min(known.index, found.index); back++) {
    const [our, their] = [ours[known.index - back], theirs[found.index - back]]
    if (our?.text === their?.text) continue
    return `${who}: before "${ours[known.index - back + 1]?.text.trim()}" one saw "${our?.text.trim()}", the other "${their?.text.trim()}"`
  }
  return `${who}: "${ours[known.index]?.text.trim()}" has two places in the history`
}

interface History {
  /** What nobody saw is missing. */
  readonly steps: readonly (Seen | undefined)[]
  /** Where the intervals that it is made of begin. */
  readonly starts: ReadonlySet<number>
  readonly compared: number
}

function reconstruct({placed}: Piece): History {
  const start = placed.reduce((least, {offset}) => Math.min(least, offset), Number.POSITIVE_INFINITY)
  const steps: (Seen | undefined)[] = []
  const seenBy: string[] = []
  let compared = 0
  for (const {interval, offset} of placed) {
    for (const [index, step] of interval.steps.entries()) {
      const at = offset - start + index
      const known = steps[at]
      if (known === undefined) {
        steps[at] = step
        seenBy[at] = interval.observer
        continue
      }
      compared += 1
      const where = () => `room ${interval.roomId}, after "${steps[at - 1]?.text.trim()}"`
      expectThat(
        known.text === step.text,
        () =>
          `${where()}: ${seenBy[at]} saw "${known.text.trim()}" and ${interval.observer} saw "${step.text.trim()}" at the same place`,
      )
      expectThat(
        known.digest === step.digest,
        () =>
          `${where()} and "${step.text.trim()}": ${seenBy[at]} and ${interval.observer} know different members or games`,
      )
    }
  }
  return {steps, compared, starts: new Set(placed.map(({offset}) => offset - start))}
}

/** What nobody else saw is no contradiction. */
function fits(steps: readonly (Seen | undefined)[], at: number, interval: Interval): boolean {
  return interval.steps.every((step, index) => {
    const known = steps[at + index]
    return known === undefined || (known.text === step.text && known.digest === step.digest)
  })
}

function describe(steps: readonly (Seen | undefined)[]): string {
  return steps.map(step => step?.text.trim()).join(', ')
}
