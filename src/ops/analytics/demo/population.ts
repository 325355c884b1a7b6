import type {SeededRandom} from '../../../util/seeded-random.js'

/** One who will come, and how. */
export interface DemoUser {
  readonly userId: number
  /** Days after the first one of the data. */
  readonly firstDay: number
  /** Of coming on the day after the first one. */
  readonly eagerness: number
  /** After so many days, only a third of that is left. */
  readonly loyaltyDays: number
  /** Of the day, UTC, around which the user comes. */
  readonly favoriteHour: number
  readonly sessionMinutes: number
  readonly messagesPerMinute: number
  readonly favoriteRooms: readonly number[]
}

/** Share of users, and what they are like. */
const KINDS = [
  {share: 0.45, eagerness: 0.14, loyaltyDays: 3, sessionMinutes: 9},
  {share: 0.4, eagerness: 0.36, loyaltyDays: 16, sessionMinutes: 22},
  {share: 0.15, eagerness: 0.75, loyaltyDays: 120, sessionMinutes: 41},
] as const

/** Share of users, and when on a day they come. */
const HOURS = [
  {share: 0.6, mean: 19.5, deviation: 2},
  {share: 0.27, mean: 15, deviation: 2.5},
  {share: 0.13, mean: 8.5, deviation: 2},
] as const

const LAUNCH_DAYS = 3
/** Of the users, those who come in the first days. */
const LAUNCH_SHARE = 0.25
const USERS_PER_ROOM = 40
const MIN_ROOMS = 8

/** A population that depends on the random numbers alone. */
export function makePopulation(random: SeededRandom, {users, days}: {users: number; days: number}): DemoUser[] {
  const rooms = Math.max(MIN_ROOMS, Math.round(users / USERS_PER_ROOM))
  return Array.from({length: users}, (_, index) => {
    const kind = pickByShare(random, KINDS)
    const hours = pickByShare(random, HOURS)
    return {
      userId: index + 1,
      firstDay: firstDay(random, days),
      eagerness: Math.min(0.95, kind.eagerness * random.skewed(1, 0.3)),
      loyaltyDays: kind.loyaltyDays * random.skewed(1, 0.4),
      favoriteHour: random.normal(hours.mean, hours.deviation),
      sessionMinutes: kind.sessionMinutes * random.skewed(1, 0.3),
      messagesPerMinute: random.skewed(0.5, 0.8),
      favoriteRooms: Array.from({length: 1 + random.below(4)}, () => popularRoom(random, rooms)),
    }
  })
}

/** Many at the launch, then about as many each day. */
function firstDay(random: SeededRandom, days: number): number {
  if (random.chance(LAUNCH_SHARE)) return random.below(Math.min(LAUNCH_DAYS, days))
  return random.below(days)
}

/** Rooms with low numbers are visited most: the second one half as often as the first, and so on. */
function popularRoom(random: SeededRandom, rooms: number): number {
  return Math.min(rooms, Math.floor((rooms + 1) ** random.next()))
}

function pickByShare<Kind extends {share: number}>(random: SeededRandom, kinds: readonly Kind[]): Kind {
  let rest = random.next()
  for (const kind of kinds) {
    rest -= kind.share
    if (rest < 0) return kind
  }
  return kinds.at(-1) as Kind
}
