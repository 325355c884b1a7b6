import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import type {Logger} from '../../../contract/logger.js'
import {GsError} from '../../../errors.js'
import {EventFeed} from '../../../plugins/analytics/event-feed.js'
import {Realtime} from '../../../plugins/analytics/realtime.js'
import {Recorder} from '../../../plugins/analytics/recorder.js'
import {END_RUN, startRun} from '../../../plugins/analytics/run.js'
import {TallyKeeper} from '../../../plugins/analytics/tally-keeper.js'
import {openStore} from '../../../store/open-store.js'
import {fileFault} from '../../../util/file-fault.js'
import {SeededRandom} from '../../../util/seeded-random.js'
import {systemClock} from '../../../util/system-clock.js'
import {DemoClock} from './demo-clock.js'
import {DemoStage} from './demo-stage.js'
import {DemoWriter} from './demo-writer.js'
import {DayPlanner, type DemoStep} from './plan-day.js'
import {makePopulation} from './population.js'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** What is recorded in so many is stored at once. */
const MINUTES_A_BATCH = 240

export interface DemoPlan {
  /** Null: a new one among temporary files. It must be new or empty. */
  readonly directory: string | null
  readonly users: number
  readonly days: number
  /** The same seed, sizes and end give the same data. */
  readonly seed: number
  /** The last day is the one that this time is part of, and ends with it; milliseconds since the epoch. */
  readonly endMs: number
  readonly signal: AbortSignal
  /** `ratio`: how much is done, 0 to 1. */
  readonly onProgress: (progress: {readonly ratio: number; readonly events: number}) => void
}

export interface DemoResult {
  readonly dataDir: string
  /** Those who came: on the last day, some would come later. */
  readonly users: number
  readonly days: number
  readonly messages: number
  readonly games: number
  readonly events: number
  readonly sizeBytes: number
}

/** Nothing happens that somebody would have to be told of: what goes wrong is thrown. */
const SILENT: Logger = {debug() {}, info() {}, warn() {}, error() {}}

/**
 * Fills a data directory with what a made-up population did: a rhythm of days, weekends, people who come once and people
 * who stay. What was done before a failure is removed.
 *
 * @throws {GsError} file_exists when there is anything in the directory; store_unavailable; server_closed when it was
 * stopped.
 */
export async function fillDemo(plan: DemoPlan): Promise<DemoResult> {
  const directory = chooseDirectory(plan.directory)
  try {
    return await fill(directory, plan)
  } catch (error) {
    // A server that took the empty directory a moment ago keeps what it has.
    const isOurs = !(GsError.is(error) && error.code === 'data_dir_taken')
    if (isOurs) rmSync(directory, {recursive: true, force: true})
    throw error
  }
}

function chooseDirectory(wanted: string | null): string {
  if (wanted === null) return mkdtempSync(join(tmpdir(), 'gs-demo-'))
  const directory = resolve(wanted)
  let entries: string[] = []
  try {
    entries = readdirSync(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new GsError('store_unavailable', `cannot use ${directory}: ${fileFault(error)}`, {cause: error})
    }
  }
  if (entries.length === 0) return directory
  throw new GsError('file_exists', `${directory} is not empty`, {
    hint: 'Take a new directory, or leave --data-dir out.',
  })
}

async function fill(directory: string, plan: DemoPlan): Promise<DemoResult> {
  const {days, endMs} = plan
  const startMs = (Math.floor(endMs / DAY_MS) - days + 1) * DAY_MS
  const clock = new DemoClock(startMs)
  const store = await openStore({directory, clock: systemClock, log: SILENT})
  try {
    const {runId, firstEventId} = await startRun(store, clock)
    const writer = new DemoWriter({store, runId})
    const recorder = new Recorder({
      clock,
      writer,
      feed: new EventFeed({size: 1, onReadersChange() {}}),
      realtime: new Realtime(),
      tally: new TallyKeeper({path: null, runId, droppedNow: () => 0}),
      firstEventId,
      hasRawMessages: false,
    })
    const random = new SeededRandom(plan.seed)
    const stage = new DemoStage({recorder, clock, random})
    await playAll({plan, startMs, clock, writer, recorder, stage, random})
    clock.set(endMs)
    stage.close()
    recorder.sendOn()
    await writer.flush(endMs)
    await store.write([{sql: END_RUN, params: [endMs, 0, runId]}])
    const {messages, games} = stage
    const sizeBytes = store.status()?.sizeBytes ?? 0
    return {dataDir: directory, users: stage.users.size, days, messages, games, events: writer.events, sizeBytes}
  } finally {
    await store.close()
  }
}

interface Performance {
  readonly plan: DemoPlan
  readonly startMs: number
  readonly clock: DemoClock
  readonly writer: DemoWriter
  readonly recorder: Recorder
  readonly stage: DemoStage
  readonly random: SeededRandom
}

async function playAll({plan, startMs, clock, writer, recorder, stage, random}: Performance): Promise<void> {
  const {users, days, endMs, signal, onProgress} = plan
  const population = makePopulation(random, {users, days})
  const planner = new DayPlanner(random, startMs)
  let ahead: DemoStep[] = []
  let tickMs = startMs
  for (let day = 0; day < days; day += 1) {
    const dayEndMs = Math.min(endMs, startMs + (day + 1) * DAY_MS)
    const steps = [...ahead, ...planner.plan(population, day)].sort((one, other) => one.atMs - other.atMs)
    let next = 0
    for (tickMs += MINUTE_MS; tickMs <= dayEndMs; tickMs += MINUTE_MS) {
      for (let step = steps[next]; step !== undefined && step.atMs < tickMs; step = steps[next]) {
        stage.play(step)
        next += 1
      }
      clock.set(tickMs)
      stage.endGames(tickMs)
      recorder.tick(MINUTE_MS, true)
      if (((tickMs - startMs) / MINUTE_MS) % MINUTES_A_BATCH !== 0) continue
      if (signal.aborted) throw new GsError('server_closed', 'it was stopped before its end; nothing is left of it')
      await writer.flush(tickMs)
      onProgress({ratio: (tickMs - startMs) / (endMs - startMs), events: writer.events})
    }
    tickMs -= MINUTE_MS
    ahead = steps.slice(next)
  }
}
