import type {ClientCloseReason} from './client-events.js'

/** What a close reason means to the one whose connection ended, and what to do about it. */
export interface CloseWords {
  readonly text: string
  readonly hint?: string
}

const words: Record<ClientCloseReason, CloseWords> = {
  client_closed: {text: 'the connection was closed here'},
  connection_lost: {text: 'the connection broke off', hint: 'The server or the network may be down; try again.'},
  hello_refused: {text: 'the server refused the hello', hint: 'Check user id, nickname and token.'},
  wrong_protocol: {text: 'the server did not understand the protocol', hint: 'Check host and port.'},
  handshake_timeout: {text: 'the server did not get a hello in time', hint: 'Try again.'},
  auth_failed: {text: 'the server did not accept the token', hint: 'Get a fresh one: "gs token issue USER --for 1h".'},
  bad_frame: {text: 'the bytes on the connection made no sense', hint: 'Check host, port and framing.'},
  frame_too_large: {text: 'a message was longer than the server takes', hint: 'Send shorter messages.'},
  frame_timeout: {text: 'a message was not completed in time', hint: 'Check the network.'},
  protocol_abuse: {text: 'too many messages were faulty', hint: 'Look at the errors that came before.'},
  heartbeat_timeout: {text: 'the server heard nothing for too long', hint: 'Check the network.'},
  slow_consumer: {text: 'messages were read too slowly', hint: 'Read faster, or join fewer rooms.'},
  replaced: {
    text: 'this user connected again from elsewhere',
    hint: 'Only one connection a user: close the other one.',
  },
  kicked: {text: 'an operator closed the connection', hint: 'Ask the operator before you come back.'},
  blocked: {text: 'this user or address is blocked', hint: 'Wait until the block is over, or ask the operator.'},
  server_full: {text: 'the server is full', hint: 'Try again later.'},
  address_full: {text: 'there are too many connections from this address', hint: 'Close one of them.'},
  overloaded: {text: 'the server has too much to do', hint: 'Try again later.'},
  server_shutdown: {text: 'the server is shutting down', hint: 'Try again in a moment.'},
  read_error: {text: 'reading from the connection failed', hint: 'Check the network.'},
  write_error: {text: 'writing to the connection failed', hint: 'Check the network.'},
  internal: {text: 'the server had a fault', hint: 'Its log says more.'},
}

/** Words for a reason, also for one that only a newer server knows. */
export function closeWords(reason: string): CloseWords {
  return Object.hasOwn(words, reason) ? words[reason as ClientCloseReason] : {text: `the server said ${reason}`}
}
