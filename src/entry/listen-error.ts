/** An address to listen on. */
interface ListenAddress {
  host: string
  port: number
}

/**
 * The error of a server that cannot listen, for the person who starts the gateway. Each runtime has
 * texts of its own, and not all of them name the address.
 */
export function listenError(thrown: unknown, { host, port }: ListenAddress): Error {
  return new Error(`Cannot listen: ${stateOf(thrown, { host, port })}`, { cause: thrown })
}

function stateOf(thrown: unknown, { host, port }: ListenAddress): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is in use. Set PORT to another one`
    case 'EACCES':
      return `this user may not listen on port ${port}. Set PORT to another one, such as 8050`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 for ` +
        'all of its addresses'
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return `HOST is ${host} and PORT is ${port} (${reason})`
}
