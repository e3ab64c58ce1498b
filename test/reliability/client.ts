import { connect, type Socket } from 'node:net'
import { MessageReader } from '../../bench/http-messages.ts'

/** What one request came to. Times are milliseconds. */
export interface Reply {
  /** 0 when no head came. */
  status: number
  head: string
  body: string
  /** How it ended: whole as its framing says, cut off, left by this client, or not within its patience. */
  end: 'whole' | 'cut' | 'left' | 'timeout'
  /** From the request to the first byte, and to the end. */
  firstByte: number | undefined
  took: number
  /** When this client left, on the clock of `performance.now()`. */
  left: number | undefined
}

export interface AskOptions {
  /** Leaves as soon as the body holds this text; the empty text leaves before any of it came. */
  leaveAt?: string
  /** With `leaveAt`: so many milliseconds later. */
  leaveAfter?: number
  /** How it leaves. */
  leaveBy?: 'fin' | 'reset'
  patience?: number
  onFirstByte?(): void
}

/** A connection that is kept from request to request, and made anew when it is lost. */
export interface Client {
  ask(request: Uint8Array, options?: AskOptions): Promise<Reply>
  close(): void
}

export function createClient(port: number): Client {
  let kept: Socket | undefined
  return {
    async ask(request, options = {}) {
      const socket = kept && !kept.destroyed ? kept : open(port)
      const reply = await new Asking(socket, options).ask(request)
      const isLast = reply.end !== 'whole' || /\r\nconnection: *close/i.test(reply.head)
      if (isLast) socket.destroy()
      kept = isLast ? undefined : socket
      return reply
    },
    close: () => void kept?.destroy(),
  }
}

/** Clients for requests that do not wait for each other: one more wherever none is free. */
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

class Asking {
  readonly #socket: Socket
  readonly #options: AskOptions
  readonly #over = Promise.withResolvers<Reply['end']>()
  #head = ''
  #body = ''
  #firstByte: number | undefined
  #left: number | undefined
  #leaving: ReturnType<typeof setTimeout> | undefined

  constructor(socket: Socket, options: AskOptions) {
    this.#socket = socket
    this.#options = options
  }

  async ask(request: Uint8Array): Promise<Reply> {
    const { patience = 30_000, leaveAt } = this.#options
    const began = performance.now()
    const reader = new MessageReader({
      onHead: (head) => this.#head = head,
      onBody: (bytes) => this.#read(bytes),
      onEnd: () => this.#over.resolve('whole'),
    })
    const onData = (bytes: Buffer) => {
      if (this.#firstByte === undefined) this.#options.onFirstByte?.()
      this.#firstByte ??= performance.now() - began
      reader.push(bytes)
    }
    const onClose = () => this.#over.resolve(this.#left === undefined ? 'cut' : 'left')
    this.#socket.on('data', onData).once('close', onClose)
    const timer = setTimeout(() => this.#over.resolve('timeout'), patience)
    this.#socket.write(request)
    if (leaveAt === '') this.#leave()
    const end = await this.#over.promise
    clearTimeout(timer)
    // An answer may be whole before its client leaves; the connection is then another request's.
    clearTimeout(this.#leaving)
    this.#socket.off('data', onData).off('close', onClose)
    return {
      status: Number(this.#head.slice(9, 12)),
      head: this.#head,
      body: this.#body,
      end,
      firstByte: this.#firstByte,
      took: performance.now() - began,
      left: this.#left,
    }
  }

  #read(bytes: Buffer): void {
    this.#body += bytes.toString('latin1')
    const { leaveAt } = this.#options
    if (leaveAt !== undefined && leaveAt !== '' && this.#body.includes(leaveAt)) this.#leave()
  }

  #leave(): void {
    const { leaveAfter = 0, leaveBy = 'fin' } = this.#options
    this.#leaving ??= setTimeout(() => {
      this.#left = performance.now()
      if (leaveBy === 'reset') this.#socket.resetAndDestroy()
      else this.#socket.destroy()
    }, leaveAfter)
  }
}
