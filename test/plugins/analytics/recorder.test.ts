import {expect, onTestFinished, test} from 'vitest'
import type {MessageRecord} from '../../../src/contract/plugins.js'
import {BatchWriter} from '../../../src/plugins/analytics/batch-writer.js'
import {EventFeed} from '../../../src/plugins/analytics/event-feed.js'
import {readUser} from '../../../src/plugins/analytics/readers/read-user.js'
import {Realtime} from '../../../src/plugins/analytics/realtime.js'
import {Recorder} from '../../../src/plugins/analytics/recorder.js'
import {startRun} from '../../../src/plugins/analytics/run.js'
import {TallyKeeper} from '../../../src/plugins/analytics/tally-keeper.js'
import {openStore} from '../../../src/store/open-store.js'
import {systemClock} from '../../../src/util/system-clock.js'
import {ManualClock} from '../../helpers/manual-clock.js'

const log = {debug() {}, info() {}, warn() {}, error() {}}

async function createRecorder() {
  const clock = new ManualClock()
  const store = await openStore({directory: null, clock: systemClock, log})
  onTestFinished(() => store.close())
  const {runId, firstEventId} = await startRun(store, clock)
  const writer = new BatchWriter({store, clock, runId})
  const recorder = new Recorder({
    clock,
    writer,
    feed: new EventFeed({size: 10, onReadersChange() {}}),
    realtime: new Realtime(),
    tally: new TallyKeeper({path: null, runId, droppedNow: () => 0}),
    firstEventId,
    hasRawMessages: false,
  })
  const readStored = async (userId: number) => {
    recorder.sendOn()
    await writer.settled()
    return readUser({query: store.query.bind(store), nowMs: clock.nowMs()}, userId)
  }
  return {clock, recorder, writer, readStored}
}

const FROM = {nickname: undefined, address: '127.0.0.1'}

function chatOf(userId: number, readAtMs: number): MessageRecord {
  return {
    ...{...FROM, userId, sizeBytes: 64, readId: 1, readAtMs, readMonotonicMs: 0, durationMs: 0, handlingMs: 0},
    message: {type: 'chat', roomId: 7, message: 'x'},
    error: null,
    hooks: null,
  }
}

test('a user is never active before being seen first, though messages have the time of the read that hello came with', async () => {
  const {clock, recorder, readStored} = await createRecorder()
  const readAtMs = clock.nowMs()
  clock.advance(2)
  const chat = (userId: number) => recorder.afterMessage(chatOf(userId, readAtMs))
  for (const userId of [1, 2, 3]) {
    recorder.userConnected({...FROM, connectionId: userId, userId, sessionId: `s${userId}`, isGuest: false})
  }
  chat(1)
  // Gone before anything was summed up, and one whose beginning is stored before the message comes.
  chat(2)
  recorder.userDisconnected({userId: 2, sessionId: 's2', reason: 'client_closed', durationMs: 0})
  await readStored(3)
  chat(3)
  for (const userId of [1, 2, 3]) {
    const user = await readStored(userId)
    expect(user, `user ${userId}`).toMatchObject({messagesSent: 1, firstSeen: '2026-01-05T12:00:00.002Z'})
    expect(user?.lastActive, `user ${userId}`).toBe('2026-01-05T12:00:00.002Z')
  }
})

test('counts of many users are sent on before the second is over, and none is lost or doubled', async () => {
  const {clock, recorder, writer, readStored} = await createRecorder()
  for (let round = 1; round <= 2; round += 1) {
    for (let userId = 1; userId <= 2500; userId += 1) recorder.afterMessage(chatOf(userId, clock.nowMs()))
  }
  await writer.settled()
  expect(writer.totals.stored).toBeGreaterThanOrEqual(4000)
  expect(writer.totals.stored).toBeLessThan(5000)
  for (const userId of [1, 1000, 1001, 2500]) expect(await readStored(userId)).toMatchObject({messagesSent: 2})
  expect(writer.totals).toEqual({stored: 5000, dropped: 0})
})
