import { connect, type Socket } from 'node:net'
import { MessageReader } from '../../bench/http-messages.ts'

/** The result of one request. Times are in milliseconds. */
export interface Reply {
  /** 0 without response headers. */
  status: number
  head: string
  body: string
  /** How it ended: complete, closed by the server, disconnected by this client, or not in time. */
  end: 'complete' | 'closed' | 'disconnected' | 'timeout'
  /** From the request to the first byte. */
  firstByte: number | undefined
  /** From the request to the end. */
  took: number
  /** When this client disconnected, as of `performance.now()`. */
  disconnectedAt: number | undefined
}

export interface AskOptions {
  /** Disconnects as soon as the body contains this text; an empty text disconnects at once. */
  disconnectAt?: string
  /** Milliseconds to wait at `disconnectAt`. */
  disconnectAfter?: number
  /** How the connection is closed. */
  disconnectBy?: 'fin' | 'reset'
  /** Milliseconds until the request times out. */
  patience?: number
  onFirstByte?(): void
}

/** A client with one persistent connection, which is replaced when it is closed. */
export interface Client {
  ask(request: Uint8Array, options?: AskOptions): Promise<Reply>
  close(): void
}

/** Creates a client without a connection. */
export function createClient(port: number): Client {
  let idle: Socket | undefined
  return {
    async ask(request, options = {}) {
      const socket = idle && !idle.destroyed ? idle : open(port)
      const reply = await new RunningRequest(socket, options).send(request)
      const isLast = reply.end !== 'complete' || /\r\nconnection: *close/i.test(reply.head)
      if (isLast) socket.destroy()
      idle = isLast ? undefined : socket
      return reply
    },
    close: () => void idle?.destroy(),
  }
}

/** Creates a client for parallel requests, which opens a connection when none is free. */
export function createClients(port: number): Client {
  const free: Client[] = []
  const all: Client[] = []
  return {
    async ask(request, options) {
      const client = free.pop() ?? createClient(port)
      if (!all.includes(client)) all.push(client)
      const reply = await client.ask(request, options)
      free.push(client)
      return reply
    },
    close() {
      for (const client of all) client.close()
    },
  }
}

function open(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  return socket
}

class RunningRequest {
  readonly #socket: Socket
  readonly #options: AskOptions
  readonly #end = Promise.withResolvers<Reply['end']>()
  #head = ''
  #body = ''
  #firstByte: number | undefined
  #disconnectedAt: number | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(socket: Socket, options: AskOptions) {
    this.#socket = socket
    this.#options = options
  }

  async send(request: Uint8Array): Promise<Reply> {
    const { patience = 30_000, disconnectAt } = this.#options
    const startedAt = performance.now()
    const reader = new MessageReader({
      onHead: (head) => this.#head = head,
      onBody: (bytes) => this.#read(bytes),
      onEnd: () => this.#end.resolve('complete'),
    })
    const onData = (bytes: Buffer) => {
      if (this.#firstByte === undefined) this.#options.onFirstByte?.()
      this.#firstByte ??= performance.now() - startedAt
      reader.push(bytes)
    }
    const onClose = () =>
      this.#end.resolve(this.#disconnectedAt === undefined ? 'closed' : 'disconnected')
    this.#socket.on('data', onData).once('close', onClose)
    const timer = setTimeout(() => this.#end.resolve('timeout'), patience)
    this.#socket.write(request)
    if (disconnectAt === '') this.#disconnect()
    const end = await this.#end.promise
    clearTimeout(timer)
    // If the answer is complete before the disconnect, the next request uses the connection.
    clearTimeout(this.#timer)
    this.#socket.off('data', onData).off('close', onClose)
    return {
      status: Number(this.#head.slice(9, 12)),
      head: this.#head,
      body: this.#body,
      end,
      firstByte: this.#firstByte,
      took: performance.now() - startedAt,
      disconnectedAt: this.#disconnectedAt,
    }
  }

  #read(bytes: Buffer): void {
    this.#body += bytes.toString('latin1')
    const { disconnectAt } = this.#options
    if (disconnectAt !== undefined && disconnectAt !== '' && this.#body.includes(disconnectAt)) {
      this.#disconnect()
    }
  }

  #disconnect(): void {
    const { disconnectAfter = 0, disconnectBy = 'fin' } = this.#options
    this.#timer ??= setTimeout(() => {
      this.#disconnectedAt = performance.now()
      if (disconnectBy === 'reset') this.#socket.resetAndDestroy()
      else this.#socket.destroy()
    }, disconnectAfter)
  }
}
