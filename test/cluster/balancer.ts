import { connect, createServer, type Socket } from 'node:net'

/** A load balancer for TCP that gives each connection to the next target. */
export interface Balancer {
  port: number
  add(port: number): void
  /** Sends no new connection to a target. Running ones remain. */
  remove(port: number): void
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
  let next = 0
  const forward = (client: Socket, attempts: number) => {
    const port = targets[next++ % targets.length]
    if (port === undefined || attempts === 0) return void client.destroy()
    const server = track(connect(port, '127.0.0.1'))
    const refuse = () => forward(client, attempts - 1)
    server.once('error', refuse)
    server.once('connect', () => {
      server.off('error', refuse)
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
    remove: (port) => void targets.splice(targets.indexOf(port), 1),
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
