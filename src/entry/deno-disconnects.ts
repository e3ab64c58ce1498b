import { readFileSync } from 'node:fs'

/** Detects disconnected clients where the runtime does not report them. */
export interface DisconnectWatcher {
  /** Calls `callback` when the connection is closed. Returns the function that stops watching. */
  watch(connection: Connection, callback: () => void): () => void
}

/** A connection from a client's `remotePort` to the gateway's `localPort`. */
export interface Connection {
  localPort: number
  remotePort: number
}

export interface DisconnectWatcherOptions {
  /** Milliseconds between two polls. */
  interval: number
  /** Returns the kernel's TCP connection tables, or `undefined` if there are none. */
  readTables(): string | undefined
  /** Milliseconds on a clock that is never set back. Default: `performance.now()`. */
  now?(): number
}

/** States in proc(5) of connections that the client has not closed: ESTABLISHED, SYN_RECV. */
const OPEN_STATES = new Set(['01', '03'])

/**
 * Consecutive polls without the connection after which it counts as closed. The kernel returns its
 * table in chunks and may omit a connection while others open and close (seen under load).
 */
const MAX_MISSING = 3

/**
 * Minimum ratio of the pause after a poll to the duration of the poll: usually, and while a connection
 * is missing, whose permit is in use until further polls confirm that it is closed.
 */
const MIN_PAUSE_RATIO = { usual: 10, missing: 4 }

interface Watched extends Connection {
  missing: number
  /** Whether the request began after the last poll. */
  isNew: boolean
}

/**
 * Creates a watcher that polls the kernel's connection tables while there are requests to watch.
 * For requests with a body of more than about 512 bytes, Deno 2.9.5 reports a disconnected client
 * neither by `request.signal` nor by `info.completed` before the response starts (measured). Such
 * requests would run until the total timeout.
 */
export function createDisconnectWatcher(
  { interval, readTables, now = () => performance.now() }: DisconnectWatcherOptions,
): DisconnectWatcher {
  const watched = new Map<() => void, Watched>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const poll = () => {
    timer = undefined
    // Requests that are answered within one interval cost no read of the tables.
    if (!hasOld(watched.values())) return schedule(interval)
    const startedAt = now()
    const ports = new Set([...watched.values()].map(({ localPort }) => localPort))
    const tables = readTables()
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
    const took = now() - startedAt
    const [pause, ratio] = isAnyMissing
      ? [interval / MAX_MISSING, MIN_PAUSE_RATIO.missing]
      : [interval, MIN_PAUSE_RATIO.usual]
    schedule(Math.max(ratio * took, pause))
  }
  const schedule = (delay: number) => {
    if (watched.size > 0) timer ??= setTimeout(poll, delay)
  }
  return {
    watch(connection, callback) {
      watched.set(callback, { ...connection, missing: 0, isNew: true })
      schedule(interval)
      return () => void watched.delete(callback)
    },
  }
}

/**
 * Watches a client only until the response to it starts: Deno itself reports a client that disconnects
 * during a response. With many connections a read of the tables takes 10 ms, which would delay all
 * running streams.
 */
export async function watchUntilResponse<T>(
  watch: (callback: () => void) => () => void,
  respond: (onDisconnect: (callback: () => void) => () => void) => T | Promise<T>,
): Promise<T> {
  let stopWatching = () => {}
  try {
    return await respond((callback) => stopWatching = watch(callback))
  } finally {
    stopWatching()
  }
}

/** Whether any request has been watched since the last poll; from now on, all have been. */
function hasOld(watched: Iterable<Watched>): boolean {
  let isAnyOld = false
  for (const connection of watched) {
    isAnyOld ||= !connection.isNew
    connection.isNew = false
  }
  return isAnyOld
}

/** Whether a connection is in a closing state, or was missing in several polls. */
function isClosed(connection: Watched, states: ReadonlyMap<string, boolean>): boolean {
  const isOpen = states.get(keyOf(connection))
  connection.missing = isOpen === undefined ? connection.missing + 1 : 0
  return isOpen === false || connection.missing >= MAX_MISSING
}

/**
 * Reads the connection tables of Linux for IPv4 and IPv6; `undefined` on other systems. Reads them
 * synchronously: a busy machine has tens of thousands of lines, and each iteration of the event loop
 * would add a delay.
 */
export function readTcpTables(): string | undefined {
  const texts = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => readTable(path) ?? [])
  return texts.length === 0 ? undefined : texts.join('\n')
}

function readTable(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // Not Linux, or no IPv6.
    return undefined
  }
}

/**
 * Parses which connections are open, from lines such as `0: 0100007F:1F72 0100007F:D431 01 …`: local
 * address, remote address, state. A port may also occur in an earlier connection that is closing.
 */
function readStates(tables: string, ports: ReadonlySet<number>): ReadonlyMap<string, boolean> {
  const marks = [...ports].map((port) => `:${port.toString(16).toUpperCase().padStart(4, '0')} `)
  const states = new Map<string, boolean>()
  for (const line of tables.split('\n')) {
    // Skips the connections of other ports before parsing.
    if (!marks.some((mark) => line.includes(mark))) continue
    const [, local = '', remote = '', state = ''] = line.trim().split(/ +/, 4)
    const key = keyOf({ localPort: portOf(local), remotePort: portOf(remote) })
    states.set(key, states.get(key) === true || OPEN_STATES.has(state))
  }
  return states
}

/** Ignores addresses. Two clients with the same port are detected when the later one disconnects. */
function keyOf({ localPort, remotePort }: Connection): string {
  return `${localPort} ${remotePort}`
}

function portOf(address: string): number {
  return parseInt(address.slice(address.lastIndexOf(':') + 1), 16)
}
