import {readFileSync} from 'node:fs'
import {connect} from 'node:net'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {expect, onTestFinished, test} from 'vitest'
import {openAnalytics} from '../../../src/ops/analytics/open-analytics.js'
import {createTestServer} from '../../../src/ops/create-test-server.js'
import {createRandom} from '../../helpers/create-random.js'
import {Program} from '../../helpers/program.js'
import {tempFolder} from '../../helpers/temp-folder.js'

// The long form: GS_KILL_ROUNDS=50 GS_KILL_SEED=1 npx vitest run test/plugins/analytics/kill.integration.ts
const ROUNDS = Number(process.env.GS_KILL_ROUNDS ?? 3)
const SEED = Number(process.env.GS_KILL_SEED ?? 20_260_105)
const TALKERS = 6
const WINDOW = 4
const LONGEST_RUN_MS = 2500

interface Talker {
  /** Messages that the server said it took. */
  accepted: number
}

/** Says one thing after the other, a few at a time, and counts what is acknowledged. */
function talk(port: number, userId: number): Talker {
  const talker = {accepted: 0}
  const socket = connect({port, host: '127.0.0.1', noDelay: true})
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {
    // The server is killed, which is what this is about.
  })
  const roomId = (userId % 2) + 1
  const line = `{"type":"chat","roomId":${roomId},"message":"on and on","seq":1}\n`
  socket.write(
    `{"type":"hello","userId":${userId}}\n{"type":"join_room","roomId":${roomId},"seq":2}\n${line.repeat(WINDOW)}`,
  )
  let rest = ''
  socket.on('data', data => {
    const lines = (rest + data.toString()).split('\n')
    rest = lines.pop() ?? ''
    const joined = lines.filter(text => text.startsWith('{"type":"room_joined"')).length
    const spoken = lines.filter(text => text.startsWith('{"type":"ack"')).length
    talker.accepted += joined + spoken
    if (spoken > 0) socket.write(line.repeat(spoken))
  })
  return talker
}

/** What the killed process had counted, straight from its file. */
function readAccepted(dataDir: string): number {
  return readFileSync(join(dataDir, 'analytics.tally')).readDoubleLE(8)
}

const TOTALS = `
  SELECT
    (SELECT total(events_stored) FROM v_runs) AS saidStored,
    (SELECT total(events_dropped) FROM v_runs) AS dropped,
    (SELECT total(events_lost) FROM v_runs) AS lost,
    (SELECT count(*) FROM v_events WHERE type <> 'message_sent') AS others,
    (SELECT count(*) FROM v_events WHERE type = 'message_sent') AS messageRows,
    (SELECT total(messages) FROM v_message_counts) AS messages,
    (SELECT total(events) FROM v_hours) AS hours,
    (SELECT total(messages) FROM v_users) AS userMessages,
    (SELECT total(messages) FROM v_rooms) AS roomMessages,
    (SELECT total(messages) FROM v_user_days) AS dayMessages,
    (SELECT total(messages) FROM v_user_months) AS monthMessages,
    (SELECT count(*) FROM v_sessions WHERE ended IS NULL) AS openSessions,
    (SELECT count(*) FROM v_sessions) AS sessions,
    (SELECT total(sessions) FROM v_users) AS userSessions,
    (SELECT total(duration_ms) FROM v_sessions) AS sessionMs,
    (SELECT total(playtime_ms) FROM v_users) AS playtimeMs,
    (SELECT total(visits) FROM v_rooms) AS visits,
    (SELECT total(ended_visits) FROM v_rooms) AS endedVisits`

test(`what was accepted is stored, or said to be lost, when a server is killed (seed ${SEED})`, {
  timeout: 20_000 + ROUNDS * 20_000,
}, async () => {
  const dataDir = join(tempFolder(), 'data')
  const random = createRandom(SEED)
  let accepted = 0
  let most = 0
  for (let round = 1; round <= ROUNDS; round += 1) {
    const isRaw = random() < 0.5
    const cwd = tempFolder({
      'gs.config.json': JSON.stringify({
        server: {port: 0},
        plugins: ['analytics'],
        dataDir,
        analytics: {rawMessages: isRaw},
      }),
    })
    const program = new Program(['serve'], {cwd})
    const {port} = await program.ready()
    const talkers = Array.from({length: TALKERS}, (_, index) => talk(port, index + 1))
    await pause(random() * LONGEST_RUN_MS)
    program.signal('SIGKILL')
    await program.ended()
    const heard = talkers.reduce((sum, talker) => sum + talker.accepted, 0)
    const counted = readAccepted(dataDir)
    expect(counted, `round ${round}`).toBeGreaterThanOrEqual(heard)
    accepted += counted

    // The next start closes what was open.
    const {server, close} = await createTestServer({plugins: ['analytics'], dataDir})
    const {interruptedRun} = server.analytics.stats()
    await close()
    most = Math.max(most, interruptedRun?.eventsLost ?? 0)

    const stored = await openAnalytics(dataDir)
    const [totals] = await stored.query<Record<string, number>>(TOTALS)
    await stored.close()
    const {saidStored = 0, dropped = 0, lost = 0} = totals ?? {}
    expect({round, sum: saidStored + dropped + lost}).toEqual({round, sum: accepted})
    expect(totals, `round ${round}`).toMatchObject({
      saidStored: (totals?.others ?? 0) + (totals?.messages ?? 0),
      hours: saidStored,
      dropped: 0,
      userMessages: totals?.messages,
      roomMessages: totals?.messages,
      dayMessages: totals?.messages,
      monthMessages: totals?.messages,
      openSessions: 0,
      userSessions: totals?.sessions,
      playtimeMs: totals?.sessionMs,
      endedVisits: totals?.visits,
    })
  }
  if (process.env.GS_KILL_ROUNDS !== undefined) {
    process.stdout.write(`${ROUNDS} kills: ${accepted} events accepted, at most ${most} lost with one kill\n`)
  }
})
