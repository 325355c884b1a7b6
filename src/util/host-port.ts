/** Where a server is, as it is written in an address: an IPv6 address stands in brackets. */
export function hostPort({host, port}: {readonly host: string; readonly port: number}): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
