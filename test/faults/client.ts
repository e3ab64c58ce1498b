import { connect, type Socket } from 'node:net'
import { bodyOf, type HttpMessage, readHead } from './http-message.ts'
import { sleep } from './upstream.ts'

/** One thing a client does on its connection. */
export type ClientStep =
  | { do: 'send'; bytes: string | Uint8Array }
  | { do: 'drip'; bytes: string | Uint8Array; size: number; every: number }
  /** Waits until the answer so far holds this text. */
  | { do: 'until'; text: string }
  | { do: 'wait'; ms: number }
  /** Reads nothing for so long. */
  | { do: 'pause'; ms: number }
  | { do: 'fin' }
  | { do: 'reset' }
  /** Does something to the gateway's process: reads no more of its log, or sends a signal. */
  | { do: 'deafen' }
  | { do: 'signal'; name: 'SIGTERM' | 'SIGINT' }

/** What a client saw. Times are milliseconds. */
export interface Answer {
  raw: string
  head: HttpMessage | undefined
  status: number | undefined
  body: string
  /** Whether the body's framing says that all of it came. */
  whole: boolean
  /** From the first byte sent to the end. */
  took: number
  /** When the client left by itself, on the clock of `performance.now()`. */
  left: number | undefined
  /** How the connection ended. */
  end: 'whole' | 'closed' | 'reset' | 'left' | 'timeout'
}

export interface ClientOptions {
  port: number
  /** Milliseconds until the client gives up. */
  patience: number
  signal?(name: 'SIGTERM' | 'SIGINT'): void
  deafen?(): void
}

/** Opens a connection, does the steps and reads on until the answer is whole or the connection ends. */
export async function converse(
  steps: readonly ClientStep[],
  options: ClientOptions,
): Promise<Answer> {
  const { port, patience } = options
  const client = new Client(port)
  const timer = setTimeout(() => client.finish('timeout'), patience)
  const began = performance.now()
  try {
    await Promise.race([performAll(steps, client, options), client.over])
    await client.over
  } finally {
    clearTimeout(timer)
    client.socket.destroy()
  }
  return client.answer(performance.now() - began)
}

async function performAll(
  steps: readonly ClientStep[],
  client: Client,
  { signal, deafen }: ClientOptions,
): Promise<void> {
  for (const step of steps) {
    switch (step.do) {
      case 'send':
        await client.write(step.bytes)
        break
      case 'drip': {
        const bytes = Buffer.from(step.bytes)
        for (let at = 0; at < bytes.length; at += step.size) {
          await client.write(bytes.subarray(at, at + step.size))
          await sleep(step.every)
        }
        break
      }
      case 'until':
        while (!client.text().includes(step.text)) await sleep(2)
        break
      case 'wait':
        await sleep(step.ms)
        break
      case 'pause':
        client.socket.pause()
        await sleep(step.ms)
        client.socket.resume()
        break
      case 'fin':
      case 'reset':
        client.leave(step.do)
        break
      case 'deafen':
        deafen?.()
        break
      case 'signal':
        signal?.(step.name)
    }
  }
}

class Client {
  readonly socket: Socket
  readonly over: Promise<void>
  #finish: () => void = () => {}
  #pieces: Uint8Array[] = []
  #end: Answer['end'] | undefined
  #left: number | undefined

  constructor(port: number) {
    this.over = new Promise((resolve) => this.#finish = resolve)
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.socket.on('data', (bytes: Uint8Array) => {
      this.#pieces.push(bytes)
      if (this.#isWhole(bytes)) this.finish('whole')
    })
    this.socket.once('error', () => this.finish('reset'))
    this.socket.once('end', () => this.finish('closed'))
    this.socket.once('close', () => this.finish('closed'))
  }

  write(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.destroyed) return resolve()
      this.socket.write(bytes, () => resolve())
    })
  }

  leave(how: 'fin' | 'reset'): void {
    this.#left = performance.now()
    // A client that ends its process: the system sends FIN, then RST to whatever still comes.
    if (how === 'fin') this.socket.destroy()
    else this.socket.resetAndDestroy()
    this.finish('left')
  }

  finish(how: Answer['end']): void {
    this.#end ??= how
    this.#finish()
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString()
  }

  /** Looked at only where it may be so: an answer may come in ten thousand pieces. */
  #isWhole(last: Uint8Array): boolean {
    const bytes = Buffer.concat(this.#pieces.length > 50 ? [last] : this.#pieces)
    const isEnd = Buffer.from(last).subarray(-5).toString('latin1').endsWith('0\r\n\r\n')
    if (this.#pieces.length > 50 && !isEnd) return false
    const all = isEnd ? Buffer.concat(this.#pieces) : bytes
    const head = readHead(all)
    return head !== undefined && !/ 1\d\d /.test(head.start) && bodyOf(head, all).whole
  }

  answer(took: number): Answer {
    const bytes = Buffer.concat(this.#pieces)
    const head = readHead(bytes)
    const body = head && bodyOf(head, bytes)
    return {
      raw: bytes.toString('latin1'),
      head,
      status: head && Number(head.start.split(' ')[1]),
      body: body ? Buffer.from(body.bytes).toString() : '',
      whole: body?.whole ?? false,
      took,
      left: this.#left,
      end: this.#end ?? 'closed',
    }
  }
}
