import {expect, test} from 'vitest'
import {AdminClient} from '../../../src/client/admin/admin-client.js'
import type {BlockListing, TargetResults} from '../../../src/contract/security.js'
import {GsError} from '../../../src/errors.js'
import {createRandom} from '../../helpers/create-random.js'
import {Program} from '../../helpers/program.js'
import {tempFolder} from '../../helpers/temp-folder.js'

// The long form: GS_KILL_ROUNDS=200 GS_KILL_SEED=1 npx vitest run test/plugins/security/kill.integration.ts
const ROUNDS = Number(process.env.GS_KILL_ROUNDS ?? 3)
const SEED = Number(process.env.GS_KILL_SEED ?? 20_260_105)
const OPERATORS = 4
const USERS = 50
const MOST_ANSWERS = 40

/** What must hold of a user after the next start; `unsure`: a request was under way when the server died. */
type Expected = 'blocked' | 'free' | 'unsure'

test(`no confirmed block is lost and no lifted one rises when the server is killed (seed ${SEED})`, {
  timeout: 20_000 + ROUNDS * 10_000,
}, async () => {
  const random = createRandom(SEED)
  const data = tempFolder()
  const expected = new Map<number, Expected>()
  let confirmed = 0
  for (let round = 1; round <= ROUNDS + 1; round += 1) {
    const server = new Program(['serve', '--port', '0', '--plugins', 'security', '--data-dir', data], {cwd: data})
    const {socket} = await server.ready()
    const client = new AdminClient({socketPath: socket})
    const listing = await client.request<BlockListing>({path: '/v1/security/blocks', query: {limit: 1000}})
    const blocked = new Set(listing.items.map(({userId}) => userId))
    const lost = [...expected].filter(([userId, state]) => state === 'blocked' && !blocked.has(userId))
    const risen = [...expected].filter(([userId, state]) => state === 'free' && blocked.has(userId))
    expect({lost, risen}, `round ${round}`).toEqual({lost: [], risen: []})
    for (let userId = 1; userId <= USERS; userId += 1) expected.set(userId, blocked.has(userId) ? 'blocked' : 'free')
    let left = round > ROUNDS ? 0 : 1 + Math.floor(random() * MOST_ANSWERS)
    const act = async (operator: number) => {
      while (left > 0) {
        // Each operator has users of their own, so that what is expected is known.
        const userId = 1 + operator + OPERATORS * Math.floor((random() * (USERS - operator - 1)) / OPERATORS)
        const action = random() < 0.5 ? 'block' : 'unblock'
        expected.set(userId, 'unsure')
        const path = `/v1/security/${action}`
        const body = {targets: [{user: userId}]}
        const answer = await client.request<TargetResults>({method: 'POST', path, body}).catch(orDeath)
        if (answer === null || left <= 0) return
        expect(answer.results[0]?.durable).toBe(true)
        expected.set(userId, action === 'block' ? 'blocked' : 'free')
        confirmed += 1
        left -= 1
        if (left === 0) server.signal('SIGKILL')
      }
    }
    await Promise.all(Array.from({length: OPERATORS}, (_, operator) => act(operator)))
    server.signal('SIGKILL')
    await server.ended()
  }
  process.stdout.write(`${ROUNDS} kills, ${confirmed} confirmed blocks and liftings: none lost, none risen\n`)
  expect(confirmed).toBeGreaterThan(ROUNDS)
})

/** The server was killed while it was asked. */
function orDeath(error: unknown): null {
  if (GsError.is(error) && (error.code === 'server_unreachable' || error.code === 'timed_out')) return null
  throw error
}
