import {connect} from 'node:net'

/**
 * What a connection to the path of a socket shows. `refused`: a socket is there and nobody listens, because its server
 * died without cleaning up.
 */
export type SocketState = 'live' | 'refused' | 'absent' | 'forbidden'

const states: Readonly<Record<string, SocketState>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'absent',
  ENOTDIR: 'absent',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  // Its queue of connections is full, so somebody listens.
  EAGAIN: 'live',
}

/** What an error of connecting to a socket stands for; undefined: something else. */
export function stateOfError(error: NodeJS.ErrnoException): SocketState | undefined {
  return states[error.code ?? '']
}

/** Connects and leaves again. Rejects with what it does not understand. A local socket answers at once or never. */
export function probeSocket(path: string): Promise<SocketState> {
  const {promise, resolve, reject} = Promise.withResolvers<SocketState>()
  const socket = connect({path}, () => {
    socket.destroy()
    resolve('live')
  })
  socket.once('error', error => {
    const state = stateOfError(error)
    if (state === undefined) reject(error)
    else resolve(state)
  })
  return promise
}
