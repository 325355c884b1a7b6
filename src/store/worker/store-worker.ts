import {parentPort, receiveMessageOnPort, workerData} from 'node:worker_threads'
import {systemClock} from '../../util/system-clock.js'
import type {NumberedRequest, StoreReply, StoreThreadStart} from '../messages.js'
import {StoreFault} from '../store-fault.js'
import {copyInto} from './copy-into.js'
import {failureOf} from './failure.js'
import {lowerThreadPriority} from './lower-priority.js'
import {type OpenedStore, openReadOnly, openWritable} from './open-file.js'
import {runQuery} from './run-query.js'
import {StatementCache} from './statement-cache.js'
import {Writer} from './writer.js'

/** The program of the store's threads: one writes, one answers queries, and one for each backup makes a copy. */

const {role, file, nowMs} = workerData as StoreThreadStart
const port = parentPort
if (port === null) throw new Error('this is the program of a thread')
const reply = (message: StoreReply) => port.postMessage(message)
lowerThreadPriority()

try {
  const opened = role === 'writer' ? openWritable(file, nowMs) : openReadOnly(file, role)
  if (role === 'writer') serveWriter(opened)
  else serveReader(opened)
  reply({kind: 'opened', salvage: opened.salvage, sizeBytes: opened.measure()})
} catch (error) {
  reply({kind: 'refused', failure: failureOf(error, file)})
  port.close()
}

function serveWriter(opened: OpenedStore): void {
  const writer = new Writer({
    opened,
    clock: systemClock,
    receive: () => receiveMessageOnPort(port as NonNullable<typeof port>)?.message as NumberedRequest | undefined,
    reply,
    onClose: () => port?.close(),
  })
  port?.on('message', (message: NumberedRequest) => writer.take(message))
}

function serveReader({database}: OpenedStore): void {
  const statements = new StatementCache(database)
  port?.on('message', ({id, request}: NumberedRequest) => {
    const answer = (more: object) => reply({kind: 'answers', answers: [{id, ...more}]})
    try {
      if (request.kind === 'query') answer({value: runQuery(statements, request, file)})
      else if (request.kind === 'backup') answer({value: copyInto(database, request.path)})
      else if (request.kind === 'close') {
        database.close()
        port?.close()
      } else throw new StoreFault({code: 'statement_invalid', message: `a ${role} thread got a ${request.kind}`})
    } catch (error) {
      answer({failure: failureOf(error, file)})
    }
  })
}
