import type {HeartbeatMessage} from '../../contract/messages.js'
import {seqJson} from '../replies.js'
import type {Handler} from './handler.js'

/** [protocol 3] `heartbeat`. */
export const handleHeartbeat: Handler<HeartbeatMessage> = (_services, session, {seq}, {atMs}) => {
  session.outbox.add(`{"type":"heartbeat","timestamp":${atMs}${seqJson(seq)}}\n`)
  return null
}
