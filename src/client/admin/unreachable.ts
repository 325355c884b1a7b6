import {lstatSync} from 'node:fs'
import {GsError} from '../../errors.js'
import {visibleText} from '../../util/visible-text.js'
import {type SocketState, stateOfError} from './probe-socket.js'

/** Why no server answers at a socket, and what to do about it. */
export function unreachable(path: string, state: Exclude<SocketState, 'live'>, cause?: Error): GsError {
  const shown = visibleText(path)
  const options = cause === undefined ? {} : {cause}
  if (state === 'forbidden') {
    return new GsError('not_permitted', `you may not open the admin socket ${shown}`, {
      ...options,
      hint: 'Only the user who runs the server may, unless it has a read-only socket.',
    })
  }
  if (state === 'absent') {
    const hint = '"gs serve" starts one; "gs status" shows what is running.'
    return new GsError('server_unreachable', `no server is running at ${shown}`, {...options, hint})
  }
  if (!lstatSync(path, {throwIfNoEntry: false})?.isSocket()) {
    const hint = 'Check --socket and GS_SOCKET.'
    return new GsError('server_unreachable', `${shown} is not a socket`, {...options, hint})
  }
  return serverGone(path, cause)
}

/** It left something behind, but nobody listens. */
export function serverGone(path: string, cause?: Error): GsError {
  return new GsError('server_unreachable', `the server at ${visibleText(path)} is gone; it did not clean up`, {
    ...(cause !== undefined && {cause}),
    hint: 'It was killed or crashed. "gs serve" takes its place over.',
  })
}

/** The same for the error of a connection that did not come about. */
export function connectFailed(path: string, error: NodeJS.ErrnoException): GsError {
  const state = stateOfError(error)
  if (state !== undefined && state !== 'live') return unreachable(path, state, error)
  const reason = state === 'live' ? 'too many connections wait' : error.message
  return new GsError('server_unreachable', `the server at ${visibleText(path)} takes no connection: ${reason}`, {
    cause: error,
    hint: 'Try again in a moment.',
  })
}

/** Somebody answers, but in another language. */
export function noHttp(path: string, cause: Error): GsError {
  return new GsError(
    'version_mismatch',
    `what answers at ${visibleText(path)} is not the admin socket of a gs server`,
    {
      cause,
      hint: 'Check --socket and GS_SOCKET.',
    },
  )
}
