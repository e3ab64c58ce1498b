import { readFile } from 'node:fs/promises'

/** Tells requests that their client has disconnected, where the runtime does not. */
export interface DisconnectWatcher {
  /** Calls `callback` once the connection from this port is closed; returns how to stop watching. */
  watch(connection: Connection, callback: () => void): () => void
}

/** A connection from the client's side, on which a gateway listens at `localPort`. */
export interface Connection {
  localPort: number
  remotePort: number
}

export interface DisconnectWatcherOptions {
  /** Milliseconds between two looks. */
  interval: number
  /** The kernel's tables of TCP connections, as text; `undefined` where there are none. */
  readTables(): Promise<string | undefined>
}

/** States of proc(5) in which the client has not closed its side: ESTABLISHED, SYN_RECV. */
const OPEN_STATES = new Set(['01', '03'])

/**
 * Creates a watcher that reads the kernel's connection tables from time to time, while there is a
 * request to watch. Deno 2.9.5 reports a disconnected client neither by `request.signal` nor by
 * `info.completed` while it waits for the answer to a request with a body of more than about 512
 * bytes (measured): requests of clients that are gone would run until the total timeout.
 */
export function createDisconnectWatcher(
  { interval, readTables }: DisconnectWatcherOptions,
): DisconnectWatcher {
  const watched = new Map<() => void, Connection>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = async () => {
    const tables = await readTables().catch(() => undefined)
    timer = undefined
    if (tables === undefined) return
    const open = openConnections(tables)
    for (const [callback, connection] of watched) {
      if (open.has(keyOf(connection))) continue
      watched.delete(callback)
      callback()
    }
    schedule()
  }
  const schedule = () => {
    if (watched.size > 0) timer ??= setTimeout(look, interval)
  }
  return {
    watch(connection, callback) {
      watched.set(callback, connection)
      schedule()
      return () => void watched.delete(callback)
    },
  }
}

/** The connection tables of Linux, of both versions of IP. */
export async function readTcpTables(): Promise<string | undefined> {
  const tables = await Promise.allSettled(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'latin1')),
  )
  const texts = tables.flatMap((table) => table.status === 'fulfilled' ? table.value : [])
  return texts.length === 0 ? undefined : texts.join('\n')
}

/** Lines such as `0: 0100007F:1F72 0100007F:D431 01 …`: local, remote and state. */
function openConnections(tables: string): ReadonlySet<string> {
  const open = new Set<string>()
  for (const line of tables.split('\n')) {
    const [, local = '', remote = '', state = ''] = line.trim().split(/ +/, 4)
    if (!OPEN_STATES.has(state)) continue
    open.add(keyOf({ localPort: portOf(local), remotePort: portOf(remote) }))
  }
  return open
}

/** Without addresses: two clients on one port of two machines at worst keep each other alive. */
function keyOf({ localPort, remotePort }: Connection): string {
  return `${localPort} ${remotePort}`
}

function portOf(address: string): number {
  return parseInt(address.slice(address.lastIndexOf(':') + 1), 16)
}
