import {isAbsolute} from 'node:path'

import {z} from 'zod'

import {GsError} from '../../errors.js'
import {visibleValue} from '../../util/visible-text.js'
import {backup, instanceStatus, nothing, readiness, reloadResult, usage} from '../answer-schemas.js'
import {route} from '../route.js'

const MAX_DRAIN_MS = 24 * 3_600_000

export const instanceRoutes = [
  route({
    method: 'GET',
    path: '/v1/ready',
    summary: 'Whether new clients are welcome; 503 when not, for probes.',
    answer: readiness,
    run: backend => ({ready: backend.isReady()}),
  }),
  route({
    method: 'GET',
    path: '/v1/status',
    summary: 'The instance: version, load, plugins and their health.',
    answer: instanceStatus,
    run: backend => backend.status(),
  }),
  route({
    method: 'GET',
    path: '/v1/usage',
    summary: 'Sums since the start: the difference of two says what the time between them cost.',
    answer: usage,
    run: backend => backend.usage(),
  }),
  route({
    method: 'POST',
    path: '/v1/stop',
    summary: 'Stops the server; the answer comes before the end.',
    answer: nothing,
    run(backend, {afterAnswer}) {
      afterAnswer(() => backend.stop())
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/v1/drain',
    summary: 'Stops accepting and closes the connections one by one over `forMs`, then stops.',
    body: z.strictObject({forMs: z.int().min(1).max(MAX_DRAIN_MS).describe('Time over which connections are closed.')}),
    answer: nothing,
    run(backend, {body, afterAnswer}) {
      afterAnswer(() => backend.drain(body.forMs))
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/v1/reload',
    summary: 'Reads the configuration again; keys as in `server.maxRooms`.',
    answer: reloadResult,
    run: backend => backend.reload(),
  }),
  route({
    method: 'POST',
    path: '/v1/backup',
    summary: 'Copies the live data store into a new file that only its owner can read.',
    body: z.strictObject({file: z.string().min(1).max(4096).describe('Its path, absolute.')}),
    answer: backup,
    async run(backend, {body: {file}}) {
      if (!isAbsolute(file)) throw new GsError('usage', `not an absolute path: ${visibleValue(file)}`)
      return {file, ...(await backend.backup(file))}
    },
  }),
]
