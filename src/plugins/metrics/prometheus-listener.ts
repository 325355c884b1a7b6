import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

import type {Logger} from '../../contract/logger.js'
import type {ExpositionFormat} from '../../contract/metrics.js'
import {GsError} from '../../errors.js'
import {EXPOSITION_TYPES} from '../../util/exposition-types.js'

const PATH = '/metrics'
/** A monitor or two; more are no monitors. */
const MAX_CONNECTIONS = 16
const REQUEST_MS = 10_000
const CHECK_MS = 1_000

export interface PrometheusListener {
  readonly address: {readonly host: string; readonly port: number}
  close(): Promise<void>
}

/**
 * Answers `GET /metrics` on a port of the loopback address. Everything there is only read.
 *
 * @throws {GsError} address_in_use or listen_failed.
 */
export async function listenForMonitors(
  {host, port}: {readonly host: string; readonly port: number},
  write: (format: ExpositionFormat) => Promise<string>,
  log: Logger,
): Promise<PrometheusListener> {
  const server = createServer(
    {requestTimeout: REQUEST_MS, connectionsCheckingInterval: CHECK_MS, maxHeaderSize: 16_384},
    (request, response) => void answer(request, response, write, log),
  )
  server.maxConnections = MAX_CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(listenError(error, `${host}:${port}`)))
    server.listen({host, port}, resolve)
  })
  server.on('error', error => log.warn({err: error}, 'a monitor could not be accepted'))
  return {
    address: {host, port: (server.address() as AddressInfo).port},
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  {method, url = '', headers}: IncomingMessage,
  response: ServerResponse,
  write: (format: ExpositionFormat) => Promise<string>,
  log: Logger,
): Promise<void> {
  const path = url.split('?', 1)[0]
  if (path !== PATH) return refuse(response, 404, `There is only ${PATH}.\n`)
  if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, 'Metrics are only read: use GET.\n')
  const format = headers.accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'prometheus'
  try {
    const text = await write(format)
    response.writeHead(200, {'content-type': EXPOSITION_TYPES[format], 'content-length': Buffer.byteLength(text)})
    response.end(text)
  } catch (error) {
    log.error({err: error}, 'the metrics could not be written')
    refuse(response, 500, 'The metrics could not be written; the log of the server says why.\n')
  }
}

function refuse(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, {'content-type': 'text/plain; charset=utf-8', ...(status === 405 && {allow: 'GET, HEAD'})})
  response.end(words)
}

function listenError(cause: NodeJS.ErrnoException, address: string): GsError {
  if (cause.code === 'EADDRINUSE') {
    return new GsError('address_in_use', `metrics.prometheus: ${address} is in use`, {
      cause,
      hint: 'Another server may have it: give each a port of its own.',
    })
  }
  return new GsError('listen_failed', `metrics.prometheus: cannot listen on ${address}: ${cause.message}`, {cause})
}
