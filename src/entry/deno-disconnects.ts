import { readFileSync } from 'node:fs'

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
  readTables(): string | undefined
}

/** States of proc(5) in which the client has not closed its side: ESTABLISHED, SYN_RECV. */
const OPEN_STATES = new Set(['01', '03'])

/**
 * Looks in a row in which a connection must be missing. The kernel shows its table piece by piece,
 * and a connection may be left out of a look while others come and go (seen under load).
 */
const MAX_MISSING = 3

/** How much longer than a look the pause after it is, at least. */
const COST = 4

interface Watched extends Connection {
  missing: number
}

/**
 * Creates a watcher that reads the kernel's connection tables from time to time, while there is a
 * request to watch. Deno 2.9.5 reports a disconnected client neither by `request.signal` nor by
 * `info.completed` while it waits for the answer to a request with a body of more than about 512
 * bytes (measured): requests of clients that are gone would run until the total timeout.
 */
export function createDisconnectWatcher(
  { interval, readTables }: DisconnectWatcherOptions,
): DisconnectWatcher {
  const watched = new Map<() => void, Watched>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    const began = performance.now()
    const ports = new Set([...watched.values()].map(({ localPort }) => localPort))
    const tables = readTables()
    timer = undefined
    if (tables === undefined) return
    const states = readStates(tables, ports)
    let isAnyMissing = false
    for (const [callback, connection] of watched) {
      if (isClosed(connection, states)) {
        watched.delete(callback)
        callback()
      } else {
        isAnyMissing ||= connection.missing > 0
      }
    }
    const least = COST * (performance.now() - began)
    schedule(Math.max(least, isAnyMissing ? interval / MAX_MISSING : interval))
  }
  const schedule = (delay: number) => {
    if (watched.size > 0) timer ??= setTimeout(look, delay)
  }
  return {
    watch(connection, callback) {
      watched.set(callback, { ...connection, missing: 0 })
      schedule(interval)
      return () => void watched.delete(callback)
    },
  }
}

/** Whether a connection is in a state of closing, or has been missing for several looks. */
function isClosed(connection: Watched, states: ReadonlyMap<string, boolean>): boolean {
  const isOpen = states.get(keyOf(connection))
  connection.missing = isOpen === undefined ? connection.missing + 1 : 0
  return isOpen === false || connection.missing >= MAX_MISSING
}

/**
 * The connection tables of Linux, of both versions of IP. Read at once: on a busy machine, where a
 * table has tens of thousands of lines, each turn of the event loop would delay it by as much as the
 * reading takes.
 */
export function readTcpTables(): string | undefined {
  const texts = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => readTable(path) ?? [])
  return texts.length === 0 ? undefined : texts.join('\n')
}

function readTable(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // Another system, or a version of IP that this one does not have.
    return undefined
  }
}

/**
 * Whether each connection is open, from lines such as `0: 0100007F:1F72 0100007F:D431 01 …`: local,
 * remote and state. A port may also be in a line of an earlier connection that is closing.
 */
function readStates(tables: string, ports: ReadonlySet<number>): ReadonlyMap<string, boolean> {
  const marks = [...ports].map((port) => `:${port.toString(16).toUpperCase().padStart(4, '0')} `)
  const states = new Map<string, boolean>()
  for (const line of tables.split('\n')) {
    // Most lines are of others: a busy machine has tens of thousands.
    if (!marks.some((mark) => line.includes(mark))) continue
    const [, local = '', remote = '', state = ''] = line.trim().split(/ +/, 4)
    const key = keyOf({ localPort: portOf(local), remotePort: portOf(remote) })
    states.set(key, states.get(key) === true || OPEN_STATES.has(state))
  }
  return states
}

/** Without addresses: two clients on one port of two machines at worst keep each other alive. */
function keyOf({ localPort, remotePort }: Connection): string {
  return `${localPort} ${remotePort}`
}

function portOf(address: string): number {
  return parseInt(address.slice(address.lastIndexOf(':') + 1), 16)
}
