import {type AddressInfo, BlockList, createServer, isIPv6, type Server, type Socket} from 'node:net'

import {GsError} from '../errors.js'
import {canonicalAddress} from '../util/ip-address.js'

/**
 * Connections that may wait to be accepted; the kernel has a limit of its own. After a restart all clients come at once,
 * and whoever finds no place waits for seconds.
 */
const BACKLOG = 4096

/** A TCP socket that is accepted, its error listener still to be set. */
export type OnAccept = (socket: Socket, address: string) => void

/** The listening socket. */
export class Listener {
  /** Where it listens, or did. */
  readonly address: {readonly host: string; readonly port: number}
  readonly #server: Server

  private constructor(server: Server) {
    const {address, port} = server.address() as AddressInfo
    this.address = {host: address, port}
    this.#server = server
  }

  /**
   * Begins to accept.
   *
   * @throws {GsError} address_in_use, or listen_failed for any other reason.
   */
  static async open({host, port, onAccept}: {host: string; port: number; onAccept: OnAccept}): Promise<Listener> {
    const server = createServer({allowHalfOpen: true, noDelay: true}, socket => accept(socket, onAccept))
    const {promise, resolve, reject} = Promise.withResolvers<void>()
    server.once('error', reject)
    server.listen({host, port, backlog: BACKLOG}, resolve)
    try {
      await promise
    } catch (error) {
      throw describeFailure(error as NodeJS.ErrnoException, host, port)
    }
    server.off('error', reject)
    return new Listener(server)
  }

  /** Something went wrong while accepting (out of descriptors, say); the server goes on. */
  onError(listener: (error: Error) => void): void {
    this.#server.on('error', listener)
  }

  /** Stops accepting. Open connections are the caller's business. */
  close(): void {
    this.#server.close()
  }
}

/** Matches addresses against a list of addresses and ranges. */
export function createAddressMatcher(entries: readonly string[]): (address: string) => boolean {
  if (entries.length === 0) return () => false
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return address => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

function accept(socket: Socket, onAccept: OnAccept): void {
  // The peer may have gone between the accept and now; then there is nobody to talk to.
  const address = socket.remoteAddress === undefined ? null : canonicalAddress(socket.remoteAddress)
  if (address !== null) onAccept(socket, address)
  else socket.on('error', () => {}).destroy()
}

function describeFailure(error: NodeJS.ErrnoException, host: string, port: number): GsError {
  const cause = error
  switch (error.code) {
    case 'EADDRINUSE':
      return new GsError('address_in_use', `port ${port} on ${host} is in use`, {
        cause,
        hint: 'Stop the program that uses it, or choose another port with --port.',
      })
    case 'EACCES':
      return new GsError('listen_failed', `not permitted to listen on port ${port}`, {
        cause,
        hint: 'Ports below 1024 need privileges; choose a higher one with --port.',
      })
    default:
      return new GsError('listen_failed', `cannot listen on ${host}, port ${port}: ${error.message}`, {
        cause,
        hint: 'The host must be an address of this machine, such as 127.0.0.1.',
      })
  }
}
