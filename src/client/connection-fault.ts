const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ETIMEDOUT: 'no answer',
  ENOTFOUND: 'no such host',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
}

/** Why a connection failed, for behind a message that names the address: Node's words repeat it. */
export function connectionFault(error: NodeJS.ErrnoException): string {
  // Several addresses were tried; the first one's failure says enough.
  const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error
  return WORDS[first.code ?? ''] ?? first.message
}
