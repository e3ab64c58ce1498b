import { connect, createServer, type Socket } from 'node:net'

/** A load balancer for TCP that gives each connection to the next target. */
export interface Balancer {
  port: number
  add(port: number): void
  /** Sends no new connection to a target. Running ones remain. */
  remove(port: number): void
  /**
   * Resolves when a removed target has begun to answer on all its connections. Load balancers reach
   * the same with a delay before they end a target.
   */
  drained(port: number): Promise<void>
  /** The target of the newest connection. */
  readonly newest: number | undefined
  close(): void
}

/** Starts a balancer without targets. A target that refuses a connection is skipped. */
export async function startBalancer(): Promise<Balancer> {
  const targets: number[] = []
  const sockets = new Set<Socket>()
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket)).on('error', () => {})
    return socket
  }
  /** Connections on which a target has not answered yet. */
  const silent = new Map<Socket, { port: number; answered: Promise<void> }>()
  const watch = (server: Socket, port: number) => {
    const { promise: answered, resolve } = Promise.withResolvers<void>()
    silent.set(server, { port, answered })
    const end = () => {
      silent.delete(server)
      resolve()
    }
    server.once('data', end).once('close', end)
  }
  let next = 0
  let newest: number | undefined
  const forward = (client: Socket, attempts: number) => {
    const port = targets[next++ % targets.length]
    if (port === undefined || attempts === 0) return void client.destroy()
    const server = track(connect(port, '127.0.0.1'))
    watch(server, port)
    const refuse = () => forward(client, attempts - 1)
    server.once('error', refuse)
    server.once('connect', () => {
      server.off('error', refuse)
      newest = port
      client.pipe(server).pipe(client)
      server.once('close', () => client.destroy())
      client.once('close', () => server.destroy())
    })
  }
  const server = createServer((client) => forward(track(client), targets.length))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    add: (port) => void targets.push(port),
    remove(port) {
      const index = targets.indexOf(port)
      if (index >= 0) targets.splice(index, 1)
    },
    async drained(port) {
      const own = silent.values().filter((one) => one.port === port)
      await Promise.all(own.map(({ answered }) => answered))
    },
    get newest() {
      return newest
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
